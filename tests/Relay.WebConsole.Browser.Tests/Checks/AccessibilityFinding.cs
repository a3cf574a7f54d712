namespace Relay.WebConsole.Browser.Tests.Checks;

/// <summary>A rule of axe-core that elements of a page break.</summary>
/// <param name="Rule">As <c>color-contrast</c>.</param>
/// <param name="Impact"><c>minor</c>, <c>moderate</c>, <c>serious</c> or <c>critical</c>.</param>
/// <param name="Help">What to do.</param>
/// <param name="HelpUrl">The rule's page.</param>
/// <param name="Targets">CSS selectors of the elements.</param>
internal sealed record AccessibilityFinding(string Rule, string Impact, string Help, string HelpUrl, IReadOnlyList<string> Targets)
{
    public override string ToString() => $"{Rule} ({Impact}): {Help}; {HelpUrl}\n{string.Join('\n', Targets.Select(target => $"  {target}"))}";
}
