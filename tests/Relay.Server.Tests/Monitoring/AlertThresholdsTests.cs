using System.Globalization;
using System.Text.RegularExpressions;
using Relay.Server.Monitoring;
using Relay.TestKit;

namespace Relay.Server.Tests.Monitoring;

/// <summary>The rules in <c>deploy/prometheus/alerts.yml</c> fire when the guide says that they do, and when the relay itself warns.</summary>
public sealed partial class AlertThresholdsTests
{
    private static readonly string Rules = File.ReadAllText(RepositoryRoot.Combine("deploy", "prometheus", "alerts.yml"));
    private static readonly string Guide = File.ReadAllText(RepositoryRoot.Combine("docs", "guides", "monitoring.md"));

    [Fact]
    public void Rules_ThresholdsTimesAndSeverities_AreThoseOfTheGuide()
    {
        string[] rules = [.. Rule().Matches(Rules).Select(rule => string.Join(
            " | ",
            rule.Groups["name"].Value,
            string.Join(' ', ThresholdsOf(rule.Groups["expr"].Value).Order(StringComparer.Ordinal)),
            rule.Groups["for"].Value,
            rule.Groups["severity"].Value))];
        string[] rows = [.. GuideRow().Matches(Guide).Select(row => string.Join(
            " | ",
            row.Groups["name"].Value,
            string.Join(' ', Quoted().Matches(row.Groups["when"].Value).Select(one => one.Groups["value"].Value).Order(StringComparer.Ordinal)),
            row.Groups["for"].Value,
            row.Groups["severity"].Value))];

        Assert.Equal(13, rules.Length);
        Assert.Equal(rules, rows);
    }

    [Fact]
    public void Rules_TimesUntilAnExpiry_AreThoseAtWhichTheRelayWarns()
    {
        TestClock clock = new();
        (string Subject, TimeSpan Left)[] rules = [.. Expiry().Matches(Rules).SelectMany(rule => rule.Groups["subjects"].Value.Split('|')
            .Select(subject => (subject, TimeSpan.FromSeconds(int.Parse(rule.Groups["count"].Value, CultureInfo.InvariantCulture)
                * int.Parse(rule.Groups["seconds"].Value, CultureInfo.InvariantCulture)))))];

        Assert.Equal(9, rules.Length);
        Assert.All(rules, rule => Assert.Equal(
            (ExpiryState.Due, ExpiryState.Fine),
            (StateWith(rule.Subject, rule.Left), StateWith(rule.Subject, rule.Left + TimeSpan.FromSeconds(1)))));

        ExpiryState StateWith(string subject, TimeSpan left) =>
            ExpiryAlerts.GetState(new ExpiringItem(subject, clock.GetUtcNow() + left), clock.GetUtcNow());
    }

    /// <summary>They estimate the events between scrapes: one may be 1.1, and between two scrapes at the start 2.</summary>
    [Fact]
    public void Rules_Estimates_AreComparedWithNoNumberButZero() => Assert.All(
        Rule().Matches(Rules).Select(rule => rule.Groups["expr"].Value).Where(expr => Estimate().IsMatch(expr)),
        expr => Assert.EndsWith("> 0", expr, StringComparison.Ordinal));

    [Theory]
    [InlineData("""a{b="1h"} < 20 * 3600 or a < 3 * 86400 or c > 86400""", "20h 3d 1d")]
    [InlineData("a[6h] - b > 1", "6h")]
    [InlineData("""rate(a{code=~"5.."}[10m]) > 0.05 * b""", "10m 5%")]
    public void ThresholdsOf_AnExpression_AreInTheUnitsOfTheGuide(string expression, string expected) =>
        Assert.Equal(expected.Split(' ').Order(), ThresholdsOf(expression).Order());

    private static IEnumerable<string> ThresholdsOf(string expression)
    {
        string bare = Braces().Replace(expression, "");
        return new[]
        {
            Range().Matches(bare).Select(match => match.Groups["value"].Value),
            Hours().Matches(bare).Select(match => $"{match.Groups["value"].Value}h"),
            Days().Matches(bare).Select(match => $"{(match.Groups["value"].Success ? match.Groups["value"].Value : "1")}d"),
            Share().Matches(bare).Select(match =>
                string.Create(CultureInfo.InvariantCulture, $"{100 * decimal.Parse(match.Value, CultureInfo.InvariantCulture):0.##}%")),
        }.SelectMany(found => found).Distinct();
    }

    [GeneratedRegex(
        @"- alert: (?<name>\w+)\n +expr: (>-\n +)?(?<expr>.+?)\n +(for: (?<for>\w+)\n +)?labels: \{ severity: (?<severity>\w+) \}",
        RegexOptions.Singleline)]
    private static partial Regex Rule();

    [GeneratedRegex(
        @"^\| (?<name>Relay\w+) \| (?<when>.+?) \| (`(?<for>\w+)` )?\| (?<severity>\w+) \|$", RegexOptions.Multiline)]
    private static partial Regex GuideRow();

    [GeneratedRegex("`(?<value>[0-9.]+(%|m|h|d))`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"remaining_seconds\{subject=~?""(?<subjects>[^""]+)""\} < (?<count>\d+) \* (?<seconds>\d+)")]
    private static partial Regex Expiry();

    [GeneratedRegex(@"\b(increase|delta|idelta|irate)\(")]
    private static partial Regex Estimate();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\[(?<value>\w+)\]")]
    private static partial Regex Range();

    [GeneratedRegex(@"\b(?<value>\d+) \* 3600\b")]
    private static partial Regex Hours();

    [GeneratedRegex(@"\b((?<value>\d+) \* )?86400\b")]
    private static partial Regex Days();

    [GeneratedRegex(@"\b0\.\d+\b")]
    private static partial Regex Share();
}
