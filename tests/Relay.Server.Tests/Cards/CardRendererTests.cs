using System.Text.RegularExpressions;
using System.Xml.Linq;
using Relay.Cards;
using Relay.Cards.Writing;
using Shared.Contracts.Models;

namespace Relay.Server.Tests.Cards;

public sealed partial class CardRendererTests
{
    private const string Script = "<script>alert(1)</script>";
    private const string Attribute = "\" onload=\"alert(1)\" style='x' ";
    private const string Cell = "a | b\n| c |\n";
    private const string Link = "[x](javascript:alert(1)) ![y](http://evil.example/z) http://evil.example www.evil.example <http://evil.example>";
    private const string Turned = "a\u202Eb\u2066c\u200Bd\u001b[31m\u0085e";

    private static readonly string[] SectionsOfAClassifier =
    [
        "overview", "gates", "classes", "confusion", "curves", "calibration", "importance", "frontier", "fairness", "data", "drift", "provenance", "verify",
    ];

    public static TheoryData<string> Hostile => [Script, Attribute, Cell, Link, Turned, "</svg></title></desc>", "`*_#~$^{}&amp;&lt;", "]]>", "\\", "\uFFFE\uD800"];

    public static TheoryData<string> Kinds => ["classifier", "many classes", "regression", "detector", "labeled detector", "scaler", "imported", "old"];

    [Fact]
    public void Html_Classifier_HasEverySectionAndEachPlotATableAndWords()
    {
        XDocument page = Parse(Html(TestCards.Classifier("class")));

        Assert.Equal(SectionsOfAClassifier, Named(page, "section").Select(s => s.Attribute("aria-labelledby")!.Value));
        XElement[] plots = [.. Named(page, "svg")];
        Assert.Equal(7, plots.Length);
        Assert.All(plots, plot =>
        {
            string[] named = plot.Attribute("aria-labelledby")!.Value.Split(' ');
            Assert.Equal(named, plot.Elements().Take(2).Select(e => e.Attribute("id")!.Value));
            Assert.All(plot.Elements().Take(2), words => Assert.NotEmpty(words.Value));
            Assert.Contains(plot.Ancestors().First(a => a.Name.LocalName == "section").Descendants(), d => d.Name.LocalName == "table");
        });
        string[] ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Distinct().Order(), ids.Order());
        Assert.All(Named(page, "a"), link => Assert.Contains(link.Attribute("href")!.Value[1..], ids));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Html_EachKindOfModel_IsAPageThatNeedsNothingElse(string kind)
    {
        string html = Html(CardOf(kind));

        XDocument page = Parse(html);
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "image" or "use");
        Assert.DoesNotContain(page.Descendants().Attributes(), a => a.Name.LocalName is "style" or "src" || a.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.All(page.Descendants().Attributes("href"), a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", html, StringComparison.Ordinal);
        Assert.Equal("Model card: traffic, version 2", Named(page, "h1").Single().Value);
        XElement policy = Named(page, "meta").Single(m => m.Attribute("http-equiv") is not null);
        Assert.Equal(HtmlCard.ContentSecurityPolicy, policy.Attribute("content")!.Value);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Markdown_EachKindOfModel_HasTablesOfEqualRows(string kind)
    {
        string markdown = CardRenderer.Render(CardOf(kind), null, CardFormat.Markdown);

        AssertTables(markdown);
        Assert.Contains("\n## Provenance\n", markdown, StringComparison.Ordinal);
        Assert.Contains("openssl cms -verify", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Attack", "card-injection")]
    [MemberData(nameof(Hostile))]
    public void Html_HostileNamesEverywhere_HasTheElementsOfAHarmlessCard(string text)
    {
        XDocument page = Parse(Html(TestCards.Classifier(text)));

        XDocument harmless = Parse(Html(TestCards.Classifier("class")));
        Assert.Equal(Shape(harmless), Shape(page));
        Assert.DoesNotContain(page.ToString(), c => c is '\u202E' or '\u2066' or '\u200B' or '\u001b' or '\u0085');
    }

    [Theory]
    [Trait("Attack", "card-injection")]
    [MemberData(nameof(Hostile))]
    public void Markdown_HostileNamesEverywhere_HasTheLinesOfAHarmlessCard(string text)
    {
        string markdown = CardRenderer.Render(TestCards.Classifier(text), null, CardFormat.Markdown);

        string harmless = CardRenderer.Render(TestCards.Classifier("class"), null, CardFormat.Markdown);
        Assert.Equal(Outline(harmless), Outline(markdown));
        AssertTables(markdown);
        Assert.DoesNotContain(OutsideOfCode(markdown), line => Markup().IsMatch(line));
        Assert.DoesNotContain(markdown, c => c is '\u202E' or '\u2066' or '\u200B' or '\u001b' or '\u0085');
    }

    [Fact]
    public void Html_Policy_AllowsTheStyleOfThePageOnly()
    {
        string html = Html(TestCards.Scaler());

        string style = StyleOfPage().Match(html).Groups[1].Value;
        string hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"style-src 'sha256-{hash}'", HtmlCard.ContentSecurityPolicy, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'", HtmlCard.ContentSecurityPolicy, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_HundredsOfClasses_StaysSmall() => Assert.InRange(Html(TestCards.Classifier("class", classes: 900)).Length, 1, 250_000);

    [Fact]
    public void Gates_AcceptedOne_ShowsVerdictBoundIntervalAndReason()
    {
        string markdown = CardRenderer.Render(TestCards.Classifier("because"), null, CardFormat.Markdown);

        Assert.Contains("| row-number | FAILED, accepted | 1 | 0.5 to 1.5 | 0 | because |", markdown, StringComparison.Ordinal);
        Assert.Contains("| row-number | because |", markdown, StringComparison.Ordinal);
        Assert.Contains("1 gates passed, 1 warn, 1 failed and was accepted by a person, 1 did not apply", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Provenance_OfAStoredVersion_NamesDigestsSeedRunAndWhoDidWhat()
    {
        CardOrigin origin = new(
            17, DateTimeOffset.UnixEpoch, new string('d', 64), [new Shared.Contracts.Api.VersionStep(DateTimeOffset.UnixEpoch, "trained", "key-1", "")]);

        string markdown = CardRenderer.Render(TestCards.Classifier("class"), origin, CardFormat.Markdown);

        Assert.All(
            new[] { new string('a', 64), new string('b', 64), new string('c', 64), new string('d', 64), "| seed | 42 |", "| training run | 17 |", "trained | key-1" },
            text => Assert.Contains(text, markdown, StringComparison.Ordinal));
    }

    private static ModelCard CardOf(string kind) => kind switch
    {
        "classifier" => TestCards.Classifier("class"),
        "many classes" => TestCards.Classifier("class", classes: 300),
        "regression" => TestCards.Regression(),
        "detector" => TestCards.Detector(hasLabels: false),
        "labeled detector" => TestCards.Detector(hasLabels: true),
        "scaler" => TestCards.Scaler(),
        "imported" => TestCards.Imported(),
        _ => TestCards.Old(),
    };

    private static string Html(ModelCard card) => CardRenderer.Render(card, null, CardFormat.Html);

    /// <summary>The page is written so that a parser of XML reads it, too: that one takes no broken element.</summary>
    private static XDocument Parse(string html) => XDocument.Parse(
        VoidElement().Replace(html.Replace("<!DOCTYPE html>\n", "", StringComparison.Ordinal), "$1/>"), LoadOptions.PreserveWhitespace);

    private static IEnumerable<XElement> Named(XDocument page, string name) => page.Descendants().Where(e => e.Name.LocalName == name);

    private static string Shape(XDocument page) => string.Join(
        '\n', page.Descendants().Select(e => $"{e.Name.LocalName} {string.Join(' ', e.Attributes().Select(a => a.Name.LocalName))}"));

    private static IEnumerable<string> Outline(string markdown) => markdown.Split('\n').Select(
        line => line.StartsWith('|') ? $"{Cells(line)} cells" : line.StartsWith('#') || line.StartsWith("```", StringComparison.Ordinal) ? line : line.Length == 0 ? "" : "text");

    private static void AssertTables(string markdown)
    {
        int expected = 0;
        foreach (string line in markdown.Split('\n'))
        {
            int cells = line.StartsWith('|') ? Cells(line) : 0;
            Assert.True(expected == 0 || cells == 0 || cells == expected, line);
            expected = cells;
        }
    }

    private static int Cells(string line) => EndOfCell().Count(line) - 1;

    private static IEnumerable<string> OutsideOfCode(string markdown) => markdown.Split("\n```").Where((_, i) => i % 2 == 0).SelectMany(part => part.Split('\n'));

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex EndOfCell();

    [GeneratedRegex(@"(?<!\\)[<>\[\]`]|(?<![\\*])\*(?!\*)|https?:/|www\.")]
    private static partial Regex Markup();

    [GeneratedRegex("(<meta [^>]*)>")]
    private static partial Regex VoidElement();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex StyleOfPage();
}
