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
        RelayConnection connection = new(AccessPolicies.Annotate);
        Argument<string> subject = new("subject") { Description = SubjectArgument.Description };
        Argument<string[]> tags = new("tag") { Description = "KEY=VALUE; the value may be empty.", Arity = ArgumentArity.OneOrMore };
        Command command = new("set", "Sets tags of a model or a version. What is signed stays as it is.") { subject, tags };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            (string Key, string Value)[] wanted = [.. parsed.GetValue(tags)!.Select(Split)];
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            SubjectArgument named = await SubjectArgument.ResolveAsync(relay, parsed.GetValue(subject)!, streams.Error, cancellationToken);
            foreach ((string key, string value) in wanted)
            {
                TagView set = await (named.Version is { } version
                    ? relay.Client.Tags.SetOfVersionAsync(named.Name, version, key, new TagRequest(value), cancellationToken)
                    : relay.Client.Tags.SetOfModelAsync(named.Name, key, new TagRequest(value), cancellationToken));
                await streams.Output.WriteLineAsync(DisplayText.Format($"{named}: {set.Key}={set.Value}"));
            }

            return 0;
        });
        return command;
    }

    private static Command CreateList()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> subject = new("subject") { Description = SubjectArgument.Description };
        Option<bool> json = new("--json") { Description = "Prints each tag as one line of JSON." };
        Command command = new("list", "Lists the tags of a model or a version.") { subject, json };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            SubjectArgument named = await SubjectArgument.ResolveAsync(relay, parsed.GetValue(subject)!, streams.Error, cancellationToken);
            await relay.WriteListAsync(
                Routes.TagsOf(named.Name, named.Version), RelayApiJson.Default.PageTagView,
                tag => parsed.GetValue(json)
                    ? JsonSerializer.Serialize(tag, RelayApiJson.Default.TagView)
                    : DisplayText.Format($"{tag.Key}={tag.Value}"),
                streams.Output, cancellationToken);
            return 0;
        });
        return command;
    }

    private static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Annotate);
        Argument<string> subject = new("subject") { Description = SubjectArgument.Description };
        Argument<string[]> keys = new("key") { Description = "The keys of tags.", Arity = ArgumentArity.OneOrMore };
        Command command = new("delete", "Deletes tags of a model or a version.") { subject, keys };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            SubjectArgument named = await SubjectArgument.ResolveAsync(relay, parsed.GetValue(subject)!, streams.Error, cancellationToken);
            foreach (string key in parsed.GetValue(keys)!)
            {
                await (named.Version is { } version
                    ? relay.Client.Tags.DeleteOfVersionAsync(named.Name, version, key, cancellationToken)
                    : relay.Client.Tags.DeleteOfModelAsync(named.Name, key, cancellationToken));
                await streams.Output.WriteLineAsync(DisplayText.Format($"Tag {key} of {named} is deleted."));
            }

            return 0;
        });
        return command;
    }

    private static (string Key, string Value) Split(string text) => text.Split('=', 2) is [{ Length: > 0 } key, var value]
        ? (key, value)
        : throw new CommandException(DisplayText.Format($"'{text}' is not KEY=VALUE."));
}
