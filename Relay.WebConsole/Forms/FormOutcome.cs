using System.Net;
using Relay.AdminClient;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;

namespace Relay.WebConsole.Forms;

/// <summary>What became of a form. Exactly one of result and problem is given.</summary>
/// <param name="Result">What follows.</param>
/// <param name="Problem">What the user is to correct, before the relay was asked.</param>
/// <param name="Errors">The same by field; empty where there is one field or none.</param>
internal sealed record FormOutcome(ActionResult? Result, string? Problem, IReadOnlyDictionary<string, string> Errors)
{
    private static readonly Dictionary<string, string> None = [];

    /// <summary>Of the answer with a problem.</summary>
    public HttpStatusCode Status { get; private init; } = HttpStatusCode.BadRequest;

    public static FormOutcome GoTo(string path, string notice) => new(ActionResult.GoTo(path, notice), null, None);

    public static FormOutcome Show(Page page) => new(ActionResult.Show(page), null, None);

    /// <summary>For a change that key holders may have to sign first.</summary>
    /// <param name="path">The page where it shows, once it is done.</param>
    /// <param name="describe">Says what was done.</param>
    public static FormOutcome From<T>(Proposal<T> proposal, string path, Func<T, string> describe)
        where T : class => proposal.Pending is { } pending
        ? GoTo(
            ConsolePaths.PendingPublication(pending.Pending),
            "Nothing has changed yet: it waits for signatures of key holders, and takes effect once enough of them have signed.")
        : GoTo(path, describe(proposal.Done!));

    public static FormOutcome Refuse(string problem, IReadOnlyDictionary<string, string>? errors = null) => new(null, problem, errors ?? None);

    /// <summary>Another has changed it since the form was shown, and nothing was changed.</summary>
    public static FormOutcome Outdated(string problem) => Refuse(problem) with { Status = HttpStatusCode.Conflict };
}
