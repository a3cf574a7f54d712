using System.CommandLine;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli;

/// <summary><c>relay api-keys</c>: who may do what at a relay, and until when.</summary>
internal static class ApiKeysCommand
{
    private const int MaximumDays = 3_650;
    private const int MaximumOverlapHours = 720;
    private const int MinutesPerHour = 60;

    public static Command Create() => new("api-keys", "Lists, creates, rotates and revokes the API keys of a relay.")
    {
        CreateList(), CreateCreate(), CreateRotate(), CreateRevoke(),
    };

    private static Command CreateList()
    {
        ListFilters filters = new();
        filters.AddWord("--role", "role", "Only keys of this role.", [.. AccessPolicies.RoleNames]);
        filters.AddWord("--state", "state", "Only keys in this state.", StoredApiKey.Valid, StoredApiKey.Expired, StoredApiKey.Revoked);
        filters.AddText("--owner", "owner", "Only keys of this person.", "name");
        return ListCommand.Create(
            "list", "Lists the keys: role, state, expiry and last use. Their secrets are not kept.", Routes.ApiKeys, filters,
            RelayApiJson.Default.PageApiKeyView, Describe, AccessPolicies.Admin);
    }

    private static Command CreateCreate()
    {
        RelayConnection connection = new(AccessPolicies.Admin);
        Argument<string> name = new("name") { Description = "Who or what uses the key, in one line." };
        Option<string> role = new("--role")
        {
            Description = $"What the key is for: {string.Join(", ", AccessPolicies.RoleNames)}.",
            HelpName = "role",
            Required = true,
        };
        role.AcceptOnlyFromAmong([.. AccessPolicies.RoleNames]);
        Option<int?> days = NumberOption.CreateOptional(
            "--expires", "The days after which the key ends. Default: it does not expire.", 1, MaximumDays, "days");
        Option<string?> owner = new("--owner")
        {
            Description = "The person whose key it is: all keys of one owner count as one person. Default: no person in particular.",
            HelpName = "person",
        };
        Command command = new("create", "Creates an API key and shows it, once.") { name, role, days, owner };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            ApiKeyRequest request = new(parsed.GetValue(name)!, parsed.GetValue(role)!)
            {
                ExpiresAt = parsed.GetValue(days) is { } given ? TimeProvider.System.GetUtcNow().AddDays(given) : null,
                Owner = parsed.GetValue(owner),
            };
            await ShowAsync(parsed, await relay.Client.ApiKeys.CreateAsync(request, cancellationToken));
            return 0;
        });
        return command;
    }

    private static Command CreateRotate()
    {
        RelayConnection connection = new(AccessPolicies.Admin);
        Argument<string> id = Id();
        Option<int?> hours = NumberOption.CreateOptional(
            "--overlap", "The hours for which the old key stays valid; 0: it ends at once. Default: 24.", 0, MaximumOverlapHours, "hours");
        Command command = new("rotate", "Replaces a key by a new one of the same name, role and duration, and shows that, once.") { id, hours };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            ApiKeyRotation request = new() { OverlapMinutes = parsed.GetValue(hours) * MinutesPerHour };
            await ShowAsync(parsed, await relay.Client.ApiKeys.RotateAsync(parsed.GetValue(id)!, request, cancellationToken));
            return 0;
        });
        return command;
    }

    private static Command CreateRevoke()
    {
        RelayConnection connection = new(AccessPolicies.Admin);
        Argument<string> id = Id();
        Command command = new("revoke", "Ends a key at once. The last admin key cannot be revoked: rotate it.") { id };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            await relay.Client.ApiKeys.RevokeAsync(parsed.GetValue(id)!, cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"API key {parsed.GetValue(id)} is revoked."));
            return 0;
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The id of the key, as 'relay api-keys list' shows it." };

    private static async Task ShowAsync(ParseResult parsed, ApiKeyIssued issued)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        await output.WriteLineAsync(Describe(issued.Key));
        await output.WriteLineAsync(DisplayText.Format($"API key, shown only this once: {issued.Text}"));
    }

    private static string Describe(ApiKeyView key) =>
        DisplayText.Format($"{key.Id}: {key.Role}, {key.State}, {key.Name}{(key.Owner is { } owner ? $" of {owner}" : "")}, made {key.CreatedAt:u}")
        + (key.ExpiresAt is { } expires ? DisplayText.Format($", expires {expires:u}") : "")
        + (key.RevokedAt is { } revoked ? DisplayText.Format($", revoked {revoked:u}") : "")
        + (key.ReplacedBy is { } successor ? DisplayText.Format($", replaced by {successor}") : "")
        + (key.LastUsedAt is { } used ? DisplayText.Format($", used {used:u}") : ", not used");
}
