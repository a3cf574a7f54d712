using Microsoft.AspNetCore.Http;
using Relay.AdminClient;
using Relay.WebConsole.Layout;

namespace Relay.WebConsole.Routing;

/// <summary>Pages that say what does not work, and what to do.</summary>
internal static class ProblemPages
{
    /// <summary>What the API refused.</summary>
    public static Page From(RelayException refused, PageRequest request) => Create(
        refused.Status switch
        {
            System.Net.HttpStatusCode.NotFound => "Not found",
            System.Net.HttpStatusCode.Forbidden => "Your role does not allow this",
            System.Net.HttpStatusCode.Conflict => "The relay refused this",
            _ => "This did not work",
        },
        refused.Message, (int)refused.Status!, HttpMethods.IsPost(request.Context.Request.Method));

    public static Page NotFound(string path) => Create("Not found", $"The console has no page {path}.", StatusCodes.Status404NotFound, false);

    public static Page ForeignForm() => Create(
        "The form was not sent",
        "It belongs to a session that has ended, or comes from another page: go back, load the page again, and send it once more.",
        StatusCodes.Status403Forbidden, true);

    private static Page Create(string title, string detail, int status, bool isForm) =>
        Page.Create<ProblemPage>(title, Section.None, ("Heading", title), ("Detail", detail), ("IsForm", isForm)) with { Status = status };
}
