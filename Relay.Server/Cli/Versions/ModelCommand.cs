using System.CommandLine;
using Relay.AdminClient.Operations;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay model</c>: the models of a relay, their versions, and which of them are archived.</summary>
internal static class ModelCommand
{
    private const string ModelText = "The name of the model.";

    public static Command Create() => new("model", "Lists models and their versions, archives and restores models.")
    {
        CreateList(), CreateVersions(),
        CreateChange(
            "archive", "Archives a model that no channel names: it takes no training and no release, and all its versions stay.",
            client => client.ArchiveAsync, "archived"),
        CreateChange("restore", "Restores a model that is archived.", client => client.RestoreAsync, "restored"),
    };

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddTexts("--tag", "tag", "Only models with this tag, as KEY or KEY=VALUE. Repeat it for models with each of several.", "tag");
        filters.AddWord("--archived", "archived", "Also archived models (all), or no others (true).", "false", "true", "all");
        filters.AddWord(
            "--task", "task", "Only models of this task.", "classification", "regression", "anomaly-detection", "scaling");
        return ListCommand.Create(
            "list", "Lists models by name, with latest version and tags.", Routes.Models, filters, RelayApiJson.Default.PageModelView, Describe);
    }

    private static Command CreateVersions()
    {
        Argument<string> model = new("model") { Description = ModelText };
        ListFilters filters = new();
        filters.AddTexts("--tag", "tag", "Only versions with this tag, as KEY or KEY=VALUE. Repeat it for versions with each of several.", "tag");
        filters.AddWord(
            "--state", "state", "Only versions in this state.", VersionView.Unpublished, VersionView.Published, VersionView.Revoked);
        filters.AddInstant("--since", "since", "Only versions that were made from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--until", "until", "Only versions that were made before this time.");
        return ListCommand.Create(
            "versions", "Lists the versions of a model, the newest first, with quality and tags.", [model],
            parsed => Routes.VersionsOf(parsed.GetValue(model)!), filters, RelayApiJson.Default.PageVersionView, Describe);
    }

    private static Command CreateChange(
        string name, string description, Func<ModelOperations, Func<string, CancellationToken, Task<ModelView>>> change, string done)
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string> model = new("model") { Description = ModelText };
        Command command = new(name, description) { model };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            ModelView changed = await change(relay.Client.Models)(parsed.GetValue(model)!, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Model {changed.Name} is {done}."));
            return 0;
        });
        return command;
    }

    private static string Describe(ModelView model) =>
        DisplayText.Format($"{model.Name}: {(model.LatestVersion is { } latest ? $"version {latest}" : "no version")}{Describe(model.Tags)}")
        + (model.ArchivedAt is { } archived ? DisplayText.Format($", archived since {archived:u}") : "");

    private static string Describe(VersionView version) => DisplayText.Format(
        $"{version.Model} {version.Version}: {version.Quality.Name} {version.Quality.Value:0.####}, {version.SizeBytes} bytes, " +
            $"made at {version.CreatedAt:u}{(version.State is { } state ? $", {state}" : "")}{Describe(version.Tags)}");

    private static string Describe(IReadOnlyDictionary<string, string> tags) =>
        string.Concat(tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $", {tag.Key}={tag.Value}"));
}
