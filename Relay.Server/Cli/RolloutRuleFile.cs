using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Json;

namespace Relay.Server.Cli;

/// <summary>A rule that a person wrote: the default in place of a misspelt member would surprise.</summary>
internal static class RolloutRuleFile
{
    /// <exception cref="CommandException">There is no such file, or it is no rule; the message says where.</exception>
    public static async Task<RolloutRuleView> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<RolloutRuleView>(await File.ReadAllBytesAsync(file.FullName, cancellationToken), StrictJson.Options)
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
