using Shared.Contracts;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>A spec that a person wrote.</summary>
internal static class SpecFile
{
    /// <returns>The spec, and the text of the file.</returns>
    /// <exception cref="CommandException">There is no such file, or it is no spec; the message says where.</exception>
    public static async Task<(ModelSpec Spec, byte[] Text)> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new CommandException(
                DisplayText.Format($"{path}: there is no such file; expected a spec file, which names columns, label and algorithm"));
        }

        byte[] text = await File.ReadAllBytesAsync(path, cancellationToken);
        try
        {
            return (ModelSpecParser.Parse(text), text);
        }
        catch (ModelSpecException e)
        {
            throw new CommandException($"{path}: {e.Message}");
        }
    }
}
