using System.CommandLine;
using System.Text.Json;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay tag</c>: short texts about models and versions, to sort and filter by.</summary>
internal static class TagCommand
{
    public static Command Create() => new("tag", "Tags models and versions: lists filter by tags, and nodes do not see them.")
    {
        CreateSet(), CreateList(), CreateDelete(),
    };

    private static Command CreateSet()
    {
        Argument<string[]> tags = new("tag") { Description = "KEY=VALUE; the value may be empty.", Arity = ArgumentArity.OneOrMore };
        return SubjectArgument.CreateCommand(
            "set", "Sets tags of a model or a version. What is signed stays as it is.", AccessPolicies.Annotate, [tags],
            parsed =>
            {
                (string Key, string Value)[] wanted = [.. parsed.GetValue(tags)!.Select(Split)];
                return async (relay, named, cancellationToken) =>
                {
                    foreach ((string key, string value) in wanted)
                    {
                        TagView set = await (named.Version is { } version
                            ? relay.Client.Tags.SetOfVersionAsync(named.Name, version, key, new TagRequest(value), cancellationToken)
                            : relay.Client.Tags.SetOfModelAsync(named.Name, key, new TagRequest(value), cancellationToken));
                        await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"{named}: {set.Key}={set.Value}"));
                    }
                };
            });
    }

    private static Command CreateList()
    {
        Option<bool> json = new("--json") { Description = "Prints each tag as one line of JSON." };
        return SubjectArgument.CreateCommand(
            "list", "Lists the tags of a model or a version.", AccessPolicies.Audit, [json],
            parsed => (relay, named, cancellationToken) => relay.WriteListAsync(
                Routes.TagsOf(named.Name, named.Version), RelayApiJson.Default.PageTagView,
                tag => parsed.GetValue(json)
                    ? JsonSerializer.Serialize(tag, RelayApiJson.Default.TagView)
                    : DisplayText.Format($"{tag.Key}={tag.Value}"),
                parsed.InvocationConfiguration.Output, cancellationToken));
    }

    private static Command CreateDelete()
    {
        Argument<string[]> keys = new("key") { Description = "The keys of tags.", Arity = ArgumentArity.OneOrMore };
        return SubjectArgument.CreateCommand(
            "delete", "Deletes tags of a model or a version.", AccessPolicies.Annotate, [keys],
            parsed => async (relay, named, cancellationToken) =>
            {
                foreach (string key in parsed.GetValue(keys)!)
                {
                    await (named.Version is { } version
                        ? relay.Client.Tags.DeleteOfVersionAsync(named.Name, version, key, cancellationToken)
                        : relay.Client.Tags.DeleteOfModelAsync(named.Name, key, cancellationToken));
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Tag {key} of {named} is deleted."));
                }
            });
    }

    private static (string Key, string Value) Split(string text) => text.Split('=', 2) is [{ Length: > 0 } key, var value]
        ? (key, value)
        : throw new CommandException(DisplayText.Format($"'{text}' is not KEY=VALUE."));
}
