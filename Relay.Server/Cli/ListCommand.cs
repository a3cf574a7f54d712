using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Relay.Server.Http.Access;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary>A command that prints a list of the relay, each item as one line of text or of JSON.</summary>
internal static class ListCommand
{
    /// <param name="describe">The line of an item, for people.</param>
    /// <param name="policy">The one of <see cref="AccessPolicies"/> that the route has.</param>
    public static Command Create<T>(
        string name, string description, string route, ListFilters filters, JsonTypeInfo<Page<T>> page, Func<T, string> describe,
        string policy = AccessPolicies.Audit) =>
        Create(name, description, [], _ => route, filters, page, describe, policy);

    /// <param name="arguments">Those of which the route is made.</param>
    public static Command Create<T>(
        string name, string description, IReadOnlyList<Argument> arguments, Func<ParseResult, string> route, ListFilters filters,
        JsonTypeInfo<Page<T>> page, Func<T, string> describe, string policy = AccessPolicies.Audit)
    {
        RelayConnection connection = new(policy);
        Option<bool> json = new("--json") { Description = "Prints each as one line of JSON." };
        Command command = new(name, description) { json };
        foreach (Argument argument in arguments)
        {
            command.Arguments.Add(argument);
        }

        filters.AddTo(command);
        connection.AddTo(command);
        JsonTypeInfo<T> type = (JsonTypeInfo<T>)page.Options.GetTypeInfo(typeof(T));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.WriteListAsync(
                filters.ToPath(parsed, route(parsed)), page, item => parsed.GetValue(json) ? JsonSerializer.Serialize(item, type) : describe(item),
                parsed.InvocationConfiguration.Output, cancellationToken);
            return 0;
        });
        return command;
    }
}
