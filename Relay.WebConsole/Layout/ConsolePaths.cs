using Microsoft.AspNetCore.Http;

namespace Relay.WebConsole.Layout;

/// <summary>Paths of the console. A link names a page by these, so that no page is misspelt.</summary>
internal static class ConsolePaths
{
    public const string Root = "/console";
    public const string SignIn = Root + "/sign-in";
    public const string ServiceSignIn = SignIn + "/service";
    public const string SignInCallback = SignIn + "/callback";
    public const string SignOut = Root + "/sign-out";
    public const string Live = Root + "/live";
    public const string Files = Root + "/files";
    public const string Assets = Root + "/assets";
    public const string Models = Root + "/models";
    public const string Training = Root + "/training";
    public const string Triggers = Training + "/triggers";
    public const string Rollouts = Root + "/rollouts";
    public const string NewRollout = Rollouts + "/new";
    public const string Channels = Rollouts + "/channels";
    public const string Releases = Rollouts + "/releases";
    public const string Fleet = Root + "/fleet";
    public const string Tokens = Fleet + "/tokens";
    public const string Adoption = Fleet + "/adoption";
    public const string Data = Root + "/data";
    public const string Audit = Root + "/audit";
    public const string Settings = Root + "/settings";
    public const string ApiKeys = Settings + "/api-keys";
    public const string Webhooks = Settings + "/webhooks";
    public const string Roles = Settings + "/roles";

    /// <summary>Whether a path, with its query, is of the console.</summary>
    public static bool IsOfConsole(string path) =>
        path == Root || path.StartsWith(Root + "/", StringComparison.Ordinal) || path.StartsWith(Root + "?", StringComparison.Ordinal);

    public static string PathOf(Section section) => section switch
    {
        Section.Home => Root,
        Section.None => Root,
        _ => $"{Root}/{section.ToString().ToLowerInvariant()}",
    };

    /// <summary>No model has this path: models are under <see cref="Models"/>.</summary>
    public const string NewModel = Root + "/new-model";

    public static string Model(string name, string action) => $"{Model(name)}/{action}";

    public static string Model(string name) => $"{Models}/{Uri.EscapeDataString(name)}";

    public static string Version(string name, int version) => FormattableString.Invariant($"{Model(name)}/versions/{version}");

    public static string Version(string name, int version, string action) => $"{Version(name, version)}/{action}";

    /// <summary>The form for a training run of a model.</summary>
    public static string TrainingOf(string name) => With($"{Training}/new", ("model", name));

    public static string Run(long id) => FormattableString.Invariant($"{Training}/{id}");

    public static string Rollout(long id) => FormattableString.Invariant($"{Rollouts}/{id}");

    public static string Channel(string name) => $"{Channels}/{Uri.EscapeDataString(name)}";

    public static string Node(string id) => $"{Fleet}/nodes/{Uri.EscapeDataString(id)}";

    /// <summary>No dataset has this path: datasets are under <see cref="Data"/>.</summary>
    public const string NewDataset = Root + "/new-dataset";

    public static string Dataset(string name) => $"{Data}/{Uri.EscapeDataString(name)}";

    public static string Dataset(string name, string action) => $"{Dataset(name)}/{action}";

    public static string PendingPublication(string id) => $"{Settings}/pending/{Uri.EscapeDataString(id)}";

    /// <summary>A file of the relay's API, for the browser.</summary>
    /// <param name="path">As <see cref="Shared.Contracts.Api.Routes"/> gives it.</param>
    public static string File(string path) => Files + path;

    /// <summary>A path with parameters; those without a value are left out.</summary>
    public static string With(string path, params IEnumerable<(string Name, string? Value)> parameters) =>
        path + QueryString.Create(parameters.Where(p => p.Value is not null).Select(p => KeyValuePair.Create(p.Name, p.Value)));
}
