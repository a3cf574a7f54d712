using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Relay.WebConsole.Browser.Tests.Checks;

/// <summary>Runs axe-core in a page and its frames. The debugger's protocol brings it there, so that it also runs where the page's
/// Content-Security-Policy or the session allows no script. It takes a page without a background of its own for white, also in a dark theme.
/// </summary>
internal static class Accessibility
{
    private const string Run =
        """
        async () => (await axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false })).violations.map(violation => ({
          rule: violation.id, impact: violation.impact, help: violation.help, helpUrl: violation.helpUrl,
          targets: violation.nodes.map(node => node.target.join(' ')),
        }))
        """;

    // Timers do not run in a page without scripts, promises do. The only wait of axe-core is for files, which it does not load here.
    private static readonly string Load =
        $$"""
        () => {
          const setTimeout = (action, _, ...values) => { Promise.resolve().then(() => action(...values)); return 0; };
          {{new BundledAxeScriptProvider().GetScript()}}
        }
        """;

    /// <exception cref="Xunit.Sdk.FailException">There are serious or critical findings.</exception>
    public static async Task RequireAsync(IPage page)
    {
        AccessibilityFinding[] findings = [.. (await FindAsync(page)).Where(finding => finding.Impact is "serious" or "critical")];
        if (findings.Length > 0)
        {
            Assert.Fail(string.Join('\n', [$"{page.Url} is not accessible:", .. findings.Select(finding => $"{finding}")]));
        }
    }

    public static async Task<IReadOnlyList<AccessibilityFinding>> FindAsync(IPage page)
    {
        List<AccessibilityFinding> findings = [];
        foreach (IFrame frame in page.Frames)
        {
            await frame.EvaluateAsync(Load);
            JsonElement violations = await frame.EvaluateAsync<JsonElement>(Run);
            findings.AddRange(violations.Deserialize<AccessibilityFinding[]>(JsonSerializerOptions.Web)!);
        }

        return findings;
    }
}
