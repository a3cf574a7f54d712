namespace ProtectedSite.Pages;

/// <summary>Shows requests as they come in, with the verdict and the version that gave it.</summary>
internal static class LivePage
{
    public static IResult Show() => Layout.Page(
        "Live verdicts",
        """
        <p id="node">...</p>
        <table><thead><tr><th>Time (UTC)</th><th>Client</th><th>Request</th><th>Result</th><th>Probability</th><th>Version</th></tr></thead>
        <tbody id="rows"></tbody></table>
        <script>
          const cell = (row, text) => { row.insertCell().textContent = text; };
          async function show() {
            const read = async path => (await fetch(path)).json();
            const [status, recent] = await Promise.all([read('/relay/status'), read('/relay/recent')]);
            document.getElementById('node').textContent = status.active
              ? `${status.model} version ${status.active.version}, release ${status.active.release}, ${status.active.sha256.slice(0, 12)}`
                + (status.stale ? ' - STALE: no fresh metadata' : '') : `${status.model}: no version yet`;
            const body = document.createElement('tbody'); body.id = 'rows';
            for (const v of recent) {
              const row = body.insertRow(); if (!v.benign) row.className = 'threat';
              cell(row, v.at.slice(11, 19)); cell(row, v.client); cell(row, `${v.method} ${v.target}`);
              cell(row, v.label); cell(row, v.probability.toFixed(3)); cell(row, v.version);
            }
            document.getElementById('rows').replaceWith(body);
          }
          show(); setInterval(show, 1000);
        </script>
        """);
}
