//! All opportunity types at once: the longest run of the tests, which begins early.

use crate::support::run;

#[test]
fn every_opportunity_type_passes() {
    let types = [
        "FacilityUseSlot",
        "CourseInstance",
        "CourseInstanceSubEvent",
        "HeadlineEvent",
        "HeadlineEventSubEvent",
        "Event",
        "OnDemandEvent",
    ];
    let in_scope = |kind: &str, value| format!("integrationTests.bookableOpportunityTypesInScope.{kind}={value}");
    let others = ["ScheduledSession", "IndividualFacilityUseSlot"].map(|kind| in_scope(kind, false));
    let settings: Vec<String> = types.iter().map(|kind| in_scope(kind, true)).chain(others).collect();
    let mut arguments = Vec::new();
    for setting in &settings {
        arguments.extend(["--set", setting.as_str()]);
    }
    let outcome = run(&arguments);
    let (passed, failed, blocked) = outcome.counts();
    assert_eq!((failed, blocked), (0, 0), "{}", outcome.stdout);
    assert!(passed > 2_000, "{passed}");
}
