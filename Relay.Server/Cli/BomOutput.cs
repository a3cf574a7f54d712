using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Shared.Contracts;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary>Prints a CycloneDX document, or writes it to a file.</summary>
internal sealed class BomOutput
{
    public Option<string?> File { get; } = new("--output")
    {
        Description = "The file to write. Default: the document is printed.",
        HelpName = "file",
    };

    /// <exception cref="CommandException">The file cannot be written.</exception>
    public async Task WriteAsync(ParseResult parsed, string document, CancellationToken cancellationToken)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(File) is not { } path)
        {
            foreach (string line in document.TrimEnd('\n').Split('\n'))
            {
                await output.WriteLineAsync(DisplayText.Escape(line));
            }

            return;
        }

        try
        {
            await OutputFile.ReplaceAsync(path, Encoding.UTF8.GetBytes(document), cancellationToken);
            await output.WriteLineAsync(DisplayText.Format($"Wrote {path}: {document.Length} characters."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' cannot be written: {e.Message}");
        }
    }
}
