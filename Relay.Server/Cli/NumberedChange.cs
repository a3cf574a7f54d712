using System.CommandLine;
using Shared.Contracts;

namespace Relay.Server.Cli;

/// <summary>Commands that change what has a number at the relay, such as a trigger or a webhook: delete, pause, resume.</summary>
/// <param name="What">One of them, at the start of a sentence; its plural ends in s.</param>
/// <param name="Policy">That of the routes.</param>
/// <param name="PathOf">The route of one.</param>
internal sealed record NumberedChange(string What, string Policy, Func<long, string> PathOf)
{
    /// <param name="route">What follows the route of one, as a POST; null: DELETE.</param>
    /// <param name="done">What each then is.</param>
    public Command Create(string name, string description, string? route, string done)
    {
        Argument<long[]> ids = new("id") { Description = $"The numbers of {What.ToLowerInvariant()}s." };
        return EachCommand.Create(name, description, Policy, ids, async (relay, id, cancellationToken) =>
        {
            await (route is null
                ? relay.DeleteAsync(PathOf(id), cancellationToken)
                : relay.PostAsync(PathOf(id) + route, cancellationToken));
            return DisplayText.Format($"{What} {id} is {done}.");
        });
    }
}
