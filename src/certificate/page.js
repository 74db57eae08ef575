"use strict";
(() => {
  const data = JSON.parse(document.getElementById("conformance-data").textContent);
  const media = data.associatedMedia;
  document.getElementById("download").addEventListener("click", () => {
    const bytes = Uint8Array.from(atob(media.contentUrl.split(";base64,")[1]), (c) => c.charCodeAt(0));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([bytes], { type: media.encodingFormat }));
    link.download = data.awardedTo.name.toLowerCase().replace(/[^0-9a-z]+/g, "-") + "-conformance-run.json.gz";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  const box = document.getElementById("state");
  if (new Date(box.dataset.until) < new Date()) {
    box.classList.add("over");
    box.querySelector("strong").textContent = "This certificate has expired.";
  }
})();
