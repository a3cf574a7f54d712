namespace Relay.WebConsole.Browser.Tests.Checks;

/// <summary>Something that went wrong in a page.</summary>
/// <param name="Where">The address of the page, script or request.</param>
internal sealed record PageError(PageErrorKind Kind, string Text, string Where)
{
    public override string ToString() => $"{Kind}: {Text} ({Where})";
}
