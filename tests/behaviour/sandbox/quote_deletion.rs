//! OrderQuote Deletion: `DELETE order-quotes/{uuid}`.

use super::*;

#[test]
fn a_quote_is_deleted_with_its_lease_and_its_uuid_is_free() {
    let client = Client::leasing(true, true, 600);
    let pair = client.create("TestOpportunityBookableFree", SIMPLE);
    client.put("order-quotes", 1, &pair, 3);
    assert_eq!(client.capacity(&pair.0), 7);
    for _ in 0..2 {
        assert_eq!(client.delete("order-quotes", 1).status, 204, "always");
        assert_eq!(client.capacity(&pair.0), 10);
    }
    assert_eq!(client.put("orders", 1, &pair, 1).status, 201);
    assert_eq!(client.delete("order-quotes", 1).status, 204);
    assert_eq!(client.capacity(&pair.0), 9, "an Order is no quote");
}
