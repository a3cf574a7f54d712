using System.CommandLine;
using System.Text.Json;
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
        RelayConnection connection = new(AccessPolicies.Audit);
        ListFilters filters = new();
        filters.AddTexts("--tag", "tag", "Only models with this tag, as KEY or KEY=VALUE. Repeat it for models with each of several.", "tag");
        filters.AddWord("--archived", "archived", "Also archived models (all), or no others (true).", "false", "true", "all");
        filters.AddWord(
            "--task", "task", "Only models of this task.", "classification", "regression", "anomaly-detection", "scaling");
        Option<bool> json = new("--json") { Description = "Prints each model as one line of JSON." };
        Command command = new("list", "Lists models by name, with latest version and tags.") { json };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.WriteListAsync(
                filters.ToPath(parsed, Routes.Models), RelayApiJson.Default.PageModelView,
                model => parsed.GetValue(json) ? JsonSerializer.Serialize(model, RelayApiJson.Default.ModelView) : Describe(model),
                parsed.InvocationConfiguration.Output, cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command CreateVersions()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> model = new("model") { Description = ModelText };
        ListFilters filters = new();
        filters.AddTexts("--tag", "tag", "Only versions with this tag, as KEY or KEY=VALUE. Repeat it for versions with each of several.", "tag");
        filters.AddWord(
            "--state", "state", "Only versions in this state.", VersionView.Unpublished, VersionView.Published, VersionView.Revoked);
        filters.AddInstant("--since", "since", "Only versions that were made from this time on, such as 2026-01-31T12:00:00Z.");
        filters.AddInstant("--until", "until", "Only versions that were made before this time.");
        Option<bool> json = new("--json") { Description = "Prints each version as one line of JSON." };
        Command command = new("versions", "Lists the versions of a model, the newest first, with quality and tags.") { model, json };
        filters.AddTo(command);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.WriteListAsync(
                filters.ToPath(parsed, Routes.VersionsOf(parsed.GetValue(model)!)), RelayApiJson.Default.PageVersionView,
                version => parsed.GetValue(json) ? JsonSerializer.Serialize(version, RelayApiJson.Default.VersionView) : Describe(version),
                parsed.InvocationConfiguration.Output, cancellationToken);
            return 0;
        });
        return command;
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
