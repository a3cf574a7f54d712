using System.CommandLine;
using System.Globalization;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay enroll-token</c>: makes, lists and revokes the tokens with which nodes enroll.</summary>
internal static class EnrollTokenCommand
{
    public static Command Create()
    {
        EnrollmentTokenRequest usual = new() { Name = "nodes" };
        RelayConnection connection = new(AccessPolicies.Operate);
        Option<string> name = new("--name") { Description = "What the token is for.", HelpName = "name", DefaultValueFactory = _ => usual.Name };
        Option<int> expires = NumberOption.Create(
            "--expires", "The days after which no node enrolls with it.", usual.ExpiresInDays, 1, EnrollmentTokenRequest.MaximumDays, "days");
        Option<int> uses = NumberOption.Create(
            "--uses", "The number of nodes that may enroll with it.", usual.Uses, 1, EnrollmentTokenRequest.MaximumUses, "nodes");
        Command command = new("enroll-token", "Makes a token with which nodes enroll, and prints it: the relay does not keep it.")
        {
            name, expires, uses, CreateList(), CreateRevoke(),
        };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            EnrollmentTokenCreated created = await relay.Client.Nodes.CreateTokenAsync(
                new EnrollmentTokenRequest
                {
                    Name = parsed.GetValue(name)!,
                    ExpiresInDays = parsed.GetValue(expires),
                    Uses = parsed.GetValue(uses),
                },
                cancellationToken);

            // Alone on standard output, so that a script can write it to a file.
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Escape(created.Token));
            await parsed.InvocationConfiguration.Error.WriteLineAsync(DisplayText.Format(
                $"Token {created.View.Id} ({created.View.Name}): {created.View.Uses} nodes may enroll until {created.View.ExpiresAt:u}."));
            return 0;
        });
        return command;
    }

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddWord("--usable", "usable", "Only tokens with which nodes can enroll, or only those that have ended.", "true", "false");
        return ListCommand.Create(
            "list", "Lists the tokens: how many nodes have enrolled with each, and until when it counts.", Routes.EnrollmentTokens, filters,
            RelayApiJson.Default.PageEnrollmentTokenView, Describe);
    }

    private static string Describe(EnrollmentTokenView token) => DisplayText.Format(
        $"{token.Id} {token.Name}: {token.Used} of {token.Uses} nodes, until "
        + $"{token.ExpiresAt:u}{(token.RevokedAt is { } at ? $", revoked {at:u}" : "")}");

    private static Command CreateRevoke()
    {
        RelayConnection connection = new(AccessPolicies.Operate);
        Argument<long> id = new("id") { Description = "The number of the token, as 'list' shows it." };
        Command command = new("revoke", "Revokes a token: no further node enrolls with it, and those that have stay.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            long number = parsed.GetValue(id);
            await relay.Client.Nodes.RevokeTokenAsync(number, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"Token {number} is revoked."));
            return 0;
        });
        return command;
    }
}
