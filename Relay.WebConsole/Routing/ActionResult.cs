namespace Relay.WebConsole.Routing;

/// <summary>What follows a form. Exactly one of path and page is given.</summary>
/// <param name="Path">The page to go on to.</param>
/// <param name="Notice">What was done, in a sentence, shown there once.</param>
/// <param name="Page">The form once more, with what is to correct.</param>
internal sealed record ActionResult(string? Path, string? Notice, Page? Page)
{
    public static ActionResult GoTo(string path, string? notice = null) => new(path, notice, null);

    public static ActionResult Show(Page page) => new(null, null, page);
}
