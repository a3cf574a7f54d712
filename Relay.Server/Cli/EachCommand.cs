using System.CommandLine;
using Relay.Server.Http.Access;

namespace Relay.Server.Cli;

/// <summary>A command that changes each of the things that its argument names, in this order, and prints a line for each.</summary>
internal static class EachCommand
{
    /// <param name="policy">The one of <see cref="AccessPolicies"/> that the route has.</param>
    /// <param name="change">Changes one, and gives the line about it.</param>
    public static Command Create<T>(
        string name, string description, string policy, Argument<T[]> argument, Func<RelayApi, T, CancellationToken, Task<string>> change) =>
        Create(name, description, policy, argument, item => item, change);

    /// <param name="parse">Reads one as the caller wrote it. All are read before the first one changes.</param>
    public static Command Create<TText, T>(
        string name, string description, string policy, Argument<TText[]> argument, Func<TText, T> parse,
        Func<RelayApi, T, CancellationToken, Task<string>> change)
    {
        RelayConnection connection = new(policy);
        argument.Arity = ArgumentArity.OneOrMore;
        Command command = new(name, description) { argument };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            T[] items = [.. parsed.GetValue(argument)!.Select(parse)];
            using RelayApi relay = connection.Open(parsed);
            foreach (T item in items)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(await change(relay, item, cancellationToken));
            }

            return 0;
        });
        return command;
    }
}
