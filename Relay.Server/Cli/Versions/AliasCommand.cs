using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay alias</c>: names for versions, such as champion, and what they named before.</summary>
internal static class AliasCommand
{
    private const string AliasText = "The alias, such as champion.";
    private const string ModelText = "The name of the model.";

    public static Command Create() => new("alias", "Names versions of models: NAME@ALIAS is taken wherever NAME@VERSION is.")
    {
        CreateSet(), CreateList(), CreateHistory(), CreateDelete(),
    };

    private static Command CreateSet()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string> version = new("version") { Description = VersionArgument.Description };
        Argument<string> alias = new("alias") { Description = AliasText };
        Command command = new("set", "Sets an alias to a version, and makes it where there is none. No node changes what it runs.")
        {
            version, alias,
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            ModelVersion wanted = await VersionArgument.ResolveAsync(relay, parsed.GetValue(version)!, streams.Error, cancellationToken);
            AliasView set = await relay.Client.Aliases.SetAsync(
                wanted.Name, parsed.GetValue(alias)!, new AliasRequest(wanted.Version), cancellationToken);
            await streams.Output.WriteLineAsync(DisplayText.Format($"{set.Model}@{set.Alias} is {set.Model} {set.Version}"));
            return 0;
        });
        return command;
    }

    private static Command CreateList()
    {
        Argument<string> model = new("model") { Description = ModelText };
        ListFilters filters = new();
        filters.AddNumber("--version", "version", "Only aliases of this version.");
        return ListCommand.Create(
            "list", "Lists the aliases of a model, each with the version that it names.", [model],
            parsed => Routes.AliasesOf(parsed.GetValue(model)!), filters, RelayApiJson.Default.PageAliasView, Describe);
    }

    private static Command CreateHistory()
    {
        Argument<string> model = new("model") { Description = ModelText };
        Argument<string> alias = new("alias") { Description = AliasText };
        return ListCommand.Create(
            "history", "Lists what an alias named, when and by which key, the newest first.", [model, alias],
            parsed => $"{Routes.AliasOf(parsed.GetValue(model)!, parsed.GetValue(alias)!)}/history", new ListFilters(),
            RelayApiJson.Default.PageAliasChange, Describe);
    }

    private static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<string> model = new("model") { Description = ModelText };
        Argument<string> alias = new("alias") { Description = AliasText };
        Command command = new("delete", "Deletes an alias. Its versions and its history stay.") { model, alias };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            (string name, string deleted) = (parsed.GetValue(model)!, parsed.GetValue(alias)!);
            await relay.Client.Aliases.DeleteAsync(name, deleted, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Alias {deleted} of {name} is deleted."));
            return 0;
        });
        return command;
    }

    private static string Describe(AliasView alias) =>
        DisplayText.Format($"{alias.Alias}: version {alias.Version}, since {alias.SetAt:u}, by {Key(alias.SetBy)}")
        + (alias.Revoked ? ", REVOKED: set it to another version" : "");

    private static string Describe(AliasChange change) => DisplayText.Format(
        $"{change.At:u}  {(change.Version is { } version ? DisplayText.Format($"version {version}") : "deleted")}, by {Key(change.Key)}");

    private static string Key(string? id) => id is null ? "an unknown key" : DisplayText.Format($"key {id}");
}
