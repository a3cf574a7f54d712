using System.Text;
using System.Text.RegularExpressions;
using Relay.Server.Http.Access;

namespace Relay.Server.Tests.OpenApi;

/// <summary>Names and sentences of the document that follow from a route's path and policy.</summary>
internal static partial class RouteTexts
{
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["cursor"] = "The cursor of the page before; none: the first page.",
        ["limit"] = "The number of items of a page, 1 to 200; none: 50, or all of a list that is short, such as channels.",
        ["name"] = "The name of the model or dataset; of a list: a part of it.",
        ["version"] = "The number of the version; of a list: only what names it.",
        ["id"] = "The id.",
        ["with"] = "The number of the version to compare with.",
        ["alias"] = "The alias, such as `champion`.",
        ["key"] = "The key of the tag.",
        ["tag"] = "Only those with this tag, as `KEY` or `KEY=VALUE`; repeatable, and then those with all of them.",
        ["archived"] = "Which models: `false` for those that are not archived, which is the default, `true` for those that are, `all` for both.",
        ["channel"] = "The name of the channel; of a list: only what is of, or on, it.",
        ["file"] = "The name of the file.",
        ["path"] = "The path of the target, with its SHA-256 or SHA-512 before the name of the file.",
        ["part"] = "The part: `train` or `test`.",
        ["from"] = "When the time starts, in RFC 3339; none: a day before its end.",
        ["to"] = "The end of the time, in RFC 3339; none: now.",
        ["hours"] = "The hours to add up, the current one included.",
        ["at"] = "The time of the question, in RFC 3339; none: the whole history, or of an alias the present.",
        ["prefix"] = "Nodes whose ids begin with this text.",
        ["notSeenSince"] = "Nodes that have not reported since this time, in RFC 3339.",
        ["established"] = "True removes nodes as well whose reports span a day.",
        ["format"] = "The format of the download.",
        ["position"] = "The position of the dataset; none: its latest.",
        ["artifacts"] = "True adds the models themselves.",
        ["output"] = "The output to import, where the file has several.",
        ["test"] = "The file of rows to measure the model on, among those of the relay.",
        ["accept"] = "The name of a gate that the model may fail; repeatable.",
        ["reason"] = "Why it may.",
        ["force"] = "True deletes it although nodes are on it.",
        ["actor"] = "Only what this actor did, such as `key:ID` or `relay`.",
        ["action"] = "Only actions that contain this text, such as `revoke`.",
        ["kind"] = "Only entries of this kind: `request`, `answer`, `denied`, `event` or `command`.",
        ["since"] = "Only what is from this time on, in RFC 3339.",
        ["until"] = "Only what is before this time, in RFC 3339.",
        ["model"] = "Only those of, or with, the model of this name.",
        ["task"] = "Only models of this task: `classification`, `regression`, `anomaly-detection` or `scaling`.",
        ["state"] = "Only those in this state, as the items name it.",
        ["status"] = "Only rollouts with this status, as the items name it.",
        ["dataset"] = "Only those that train on the dataset of this name.",
        ["paused"] = "True: only those that are paused; false: only the others.",
        ["release"] = "Only nodes that run this release.",
        ["stale"] = "True: only nodes whose metadata has expired; false: only the others.",
        ["quarantined"] = "True: only nodes with an artifact in quarantine; false: only the others.",
        ["refusing"] = "True: only nodes whose latest reports have refusals; false: only the others.",
        ["banned"] = "True: only banned nodes; false: only the others.",
        ["seenSince"] = "Only nodes that have reported since this time, in RFC 3339.",
        ["usable"] = "True: only tokens with which nodes can enroll; false: only those that have ended.",
        ["role"] = "Only keys of this role.",
        ["owner"] = "Only keys of this person.",
        ["event"] = "Only webhooks that receive the event of this name.",
        ["type"] = "Only events of this name, such as `rollout.halted`.",
        ["after"] = "The sequence of an entry, event or line: what follows it is listed; none: from the first.",
        ["last"] = "The sequence of the last line; none: the last there is.",
    };

    /// <summary>Query parameters without which a route refuses a request. Handlers take them as optional, to say what is missing.</summary>
    private static readonly HashSet<string> Required = new(StringComparer.Ordinal)
    {
        "POST /v1/models/{name}/import file", "POST /v1/models/{name}/import test",
        "DELETE /v1/nodes notSeenSince",
        "GET /v1/nodes/{id}/history/evidence at",
        "GET /v1/models/{name}/versions/{version}/compare with",
    };

    /// <summary>The groups of routes, in the order in which a reader needs them.</summary>
    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["models"] = "Models and their specs.",
        ["training-runs"] = "Training: its progress, its curve, its log and its rows.",
        ["versions"] = "What training made: cards, figures, aliases, tags, notes, comparison, revocation.",
        ["datasets"] = "Samples and labels of nodes and people.",
        ["training-triggers"] = "Training by itself: new samples, drift, daily.",
        ["channels"] = "What nodes run.",
        ["releases"] = "What channels ran.",
        ["rollouts"] = "A release that reaches the fleet by stages, and stops itself.",
        ["pending"] = "Publications that wait for signatures of people.",
        ["revocations"] = "Versions that no node may run.",
        ["nodes"] = "The fleet: reports, history, bans.",
        ["enrollment"] = "How a node gets its identity.",
        ["api-keys"] = "Keys of people and programs.",
        ["audit"] = "Who changed what, in a chain of hashes.",
        ["trust"] = "Keys and metadata of the relay.",
        ["events"] = "What changed, at once.",
        ["webhooks"] = "Events for other programs, which the relay sends.",
        ["repository"] = "Signed metadata and files, which nodes verify.",
        ["health"] = "For probes.",
        ["metrics"] = "For monitoring.",
        ["older relay"] = "Short routes of the relay before this one.",
        ["openapi"] = "This document.",
    };

    /// <summary>Such as <c>getModelsByNameVersions</c>: unique, and the same for as long as the route is.</summary>
    public static string OperationId(string method, string path)
    {
        StringBuilder id = new(method.ToLowerInvariant());
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "v1"))
        {
            Match parameter = ParameterName().Match(part);
            string name = parameter.Success ? $"by-{parameter.Groups[1].Value}{part[(parameter.Index + parameter.Length)..]}" : part;
            foreach (string word in name.Split('-', '.'))
            {
                id.Append(char.ToUpperInvariant(word[0])).Append(word[1..]);
            }
        }

        return id.ToString();
    }

    /// <summary>The path of a route as the document has it: without constraints.</summary>
    public static string Path(string route) => "/" + ParameterName().Replace(route, "{$1}").Trim('/');

    public static string Tag(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["v1", "repository", ..] => "repository",
        ["v1", "models", _, "versions" or "aliases", ..] => "versions",
        ["v1", "nodes", "enroll"] or ["v1", "enrollment-tokens", ..] => "enrollment",
        ["v1", "fleet", ..] => "nodes",
        ["v1", var first, ..] => first,
        ["models", ..] or ["stats"] => "older relay",
        [var first, ..] => first,
        _ => "relay",
    };

    public static string Caller(string policy) => policy switch
    {
        AccessPolicies.Open => "Needs no credential.",
        AccessPolicies.Reader => "For a node's signature, or an API key of any role.",
        AccessPolicies.Node => "For the signature of the node that the path names.",
        AccessPolicies.Audit => "For an API key of any role but node.",
        AccessPolicies.Contribute => "For a node's signature, or an API key of the role trainer or admin.",
        AccessPolicies.Train => "For an API key of the role trainer or admin.",
        AccessPolicies.Annotate => "For an API key of the role trainer, approver, operator or admin.",
        AccessPolicies.Approve => "For an API key of the role approver or admin.",
        AccessPolicies.Operate => "For an API key of the role operator or admin.",
        AccessPolicies.Admin => "For an API key of the role admin.",
        _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "not a policy"),
    };

    public static bool TakesKey(string policy) => policy is not (AccessPolicies.Open or AccessPolicies.Node);

    public static bool TakesSignature(string policy) => policy is AccessPolicies.Reader or AccessPolicies.Node or AccessPolicies.Contribute;

    public static bool IsRequired(string method, string path, string parameter) => Required.Contains($"{method} {path} {parameter}");

    public static string Parameter(string name) => Parameters.TryGetValue(name, out string? text) ? text : $"`{name}`.";

    [GeneratedRegex(@"\{\**(\w+)[^}]*\}")]
    private static partial Regex ParameterName();
}
