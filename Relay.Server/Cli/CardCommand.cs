using System.CommandLine;
using System.Text;
using System.Text.Json;
using Relay.Cards;
using Relay.Server.Cli.Local;
using Relay.Server.Cli.Versions;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Platform.Files;

namespace Relay.Server.Cli;

/// <summary><c>relay card</c>: shows the model card of a version, or writes it to a file.</summary>
internal static class CardCommand
{
    /// <summary>Lists in a card are bounded, and no card comes near this.</summary>
    private const int MaximumBytes = 16 << 20;

    private const string Json = "json";
    private const string Html = "html";
    private const string Markdown = "markdown";
    private const string CardEnding = ".card.json";

    public static Command Create()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> model = new("model")
        {
            Description = $"The name of a model, NAME@VERSION, NAME@ALIAS, or a file *{CardEnding} that 'relay train --output' wrote.",
        };
        Argument<int?> version = new("version")
        {
            Description = "The number of the version, after the name of a model.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> format = new("--format")
        {
            Description =
                "html: one page with plots. markdown: text with tables. json: all figures. Default: by the ending of --output, else markdown.",
            HelpName = "format",
        };
        format.AcceptOnlyFromAmong(Html, Markdown, Json);
        Option<string?> file = new("--output") { Description = "The file to write. Default: the card is printed.", HelpName = "file" };
        Command command = new("card", "Shows the model card of a version: quality, gates, data, provenance and how to verify them.") { model, version,
            format, file };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string? path = parsed.GetValue(file);
            string form = parsed.GetValue(format) ?? FormatOf(path);
            byte[] card = (parsed.GetValue(model)!, parsed.GetValue(version)) switch
            {
                ({ } name, { } number) => await DownloadAsync(name, number),
                ({ } local, null) when local.EndsWith(CardEnding, StringComparison.OrdinalIgnoreCase) => await RenderAsync(local),
                ({ } named, null) when VersionArgument.NamesVersion(named) => await DownloadNamedAsync(named),
                ({ } name, null) => throw new CommandException(
                    DisplayText.Format($"Which version of {name}? 'relay card {name} 1', or name a file *{CardEnding}.")),
            };
            await WriteAsync(parsed.InvocationConfiguration.Output, path, card, cancellationToken);
            return 0;

            async Task<byte[]> RenderAsync(string local)
            {
                GivenOptions.Refuse(parsed, connection.WithProfile(parsed), "is for the card of a version on a relay: this one is read from a file.");
                return Render(await ModelFiles.ReadCardAsync(local, cancellationToken), form);
            }

            async Task<byte[]> DownloadNamedAsync(string named)
            {
                using RelayApi relay = connection.Open(parsed);
                ModelVersion found = await VersionArgument.ResolveAsync(relay, named, parsed.InvocationConfiguration.Error, cancellationToken);
                return await DownloadAsync(found.Name, found.Version);
            }

            async Task<byte[]> DownloadAsync(string name, int number)
            {
                using RelayApi relay = connection.Open(parsed);
                byte[] downloaded = [];
                await relay.DownloadAsync(
                    Routes.CardOf(name, number, form == Markdown ? "md" : form),
                    async body => downloaded = await ReadAsync(body, cancellationToken), cancellationToken);
                return downloaded;
            }
        });
        return command;
    }

    private static string FormatOf(string? path) => Path.GetExtension(path)?.ToLowerInvariant() switch
    {
        ".html" or ".htm" => Html,
        ".json" => Json,
        _ => Markdown,
    };

    private static byte[] Render(ModelCard card, string format) => format == Json
        ? JsonSerializer.SerializeToUtf8Bytes(card, ModelJson.Default.ModelCard)
        : Encoding.UTF8.GetBytes(CardRenderer.Render(card, null, format == Html ? CardFormat.Html : CardFormat.Markdown));

    private static async Task<byte[]> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using MemoryStream bytes = new();
        byte[] part = new byte[1 << 16];
        for (int read; (read = await body.ReadAsync(part, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > MaximumBytes)
            {
                throw new CommandException($"The relay sends more than {MaximumBytes} bytes, which is no card.");
            }

            bytes.Write(part, 0, read);
        }

        return bytes.ToArray();
    }

    private static async Task WriteAsync(TextWriter output, string? path, byte[] card, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            foreach (string line in Encoding.UTF8.GetString(card).TrimEnd('\n').Split('\n'))
            {
                await output.WriteLineAsync(DisplayText.Escape(line));
            }

            return;
        }

        try
        {
            await OutputFile.ReplaceAsync(path, card, cancellationToken);
            await output.WriteLineAsync(DisplayText.Format($"Wrote {path}: {card.Length} bytes."));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"'{path}' cannot be written: {e.Message}");
        }
    }
}
