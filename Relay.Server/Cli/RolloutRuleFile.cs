using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;

namespace Relay.Server.Cli;

/// <summary>A rule that a person wrote: an unknown member is a spelling mistake, and the default in its place would surprise. The relay would
/// refuse it too, but what this program sends on holds known members only.</summary>
internal static class RolloutRuleFile
{
    private static readonly JsonTypeInfo<RolloutRuleView> Strict = (JsonTypeInfo<RolloutRuleView>)new JsonSerializerOptions(
        RelayApiJson.Default.Options)
    { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow }.GetTypeInfo(typeof(RolloutRuleView));

    /// <exception cref="CommandException">There is no such file, or it is no rule; the message says where.</exception>
    public static async Task<RolloutRuleView> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await File.ReadAllBytesAsync(file.FullName, cancellationToken), Strict)
                ?? throw new JsonException("null is no rule");
        }
        catch (JsonException e)
        {
            throw new CommandException(DisplayText.Format($"The rule '{file.FullName}' cannot be read: {JsonErrorText.Describe(e)}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(DisplayText.Format($"The rule '{file.FullName}' cannot be read: {e.Message}"));
        }
    }
}
