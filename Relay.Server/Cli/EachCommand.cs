using System.CommandLine;

namespace Relay.Server.Cli;

/// <summary>A command that does the same to each of what it names, and prints a line for each. The first that the relay refuses ends it.</summary>
internal static class EachCommand
{
    /// <param name="argument">Names one or more.</param>
    /// <param name="policy">The one of <see cref="Http.Access.AccessPolicies"/> that the route has.</param>
    /// <param name="change">Changes one, and gives the line that says so.</param>
    public static Command Create<T>(
        string name, string description, Argument<T[]> argument, string policy, Func<RelayApi, T, CancellationToken, Task<string>> change) =>
        Create(name, description, argument, parsed => parsed.GetValue(argument)!, policy, change);

    /// <param name="read">All that the argument names: an error in one of them is told before the first is changed.</param>
    public static Command Create<T>(
        string name, string description, Argument argument, Func<ParseResult, IReadOnlyList<T>> read, string policy,
        Func<RelayApi, T, CancellationToken, Task<string>> change)
    {
        RelayConnection connection = new(policy);
        argument.Arity = ArgumentArity.OneOrMore;
        Command command = new(name, description);
        command.Arguments.Add(argument);
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<T> named = read(parsed);
            using RelayApi relay = connection.Open(parsed);
            foreach (T one in named)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(await change(relay, one, cancellationToken));
            }

            return 0;
        });
        return command;
    }
}
