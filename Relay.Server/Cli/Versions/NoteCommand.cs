using System.CommandLine;
using System.Text;
using System.Text.Unicode;
using Relay.Server.Http.Access;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Versions;

/// <summary><c>relay note</c>: what people write about models and versions.</summary>
internal static class NoteCommand
{
    /// <summary>As many bytes as the longest note may have.</summary>
    private const int MaximumBytes = NoteView.MaximumText * 4;

    public static Command Create() => new("note", "Writes notes about models and versions, in Markdown. Model cards show them.")
    {
        CreateSet(), CreateShow(), CreateDelete(),
    };

    private static Command CreateSet()
    {
        Option<string?> text = new("--text") { Description = "The note.", HelpName = "text" };
        Option<string?> file = new("--file") { Description = "The file with the note.", HelpName = "file" };
        return SubjectArgument.CreateCommand(
            "set", "Writes the note of a model or a version, in the place of the one before.", AccessPolicies.Annotate, [text, file],
            parsed =>
            {
                string note = (parsed.GetValue(text), parsed.GetValue(file)) switch
                {
                    ({ } given, null) => given,
                    (null, { } path) => ReadFile(path),
                    _ => throw new CommandException("Set either --text or --file."),
                };
                return async (relay, named, cancellationToken) =>
                {
                    await (named.Version is { } version
                        ? relay.Client.Notes.SetOfVersionAsync(named.Name, version, new NoteRequest(note), cancellationToken)
                        : relay.Client.Notes.SetOfModelAsync(named.Name, new NoteRequest(note), cancellationToken));
                    await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"The note of {named} is written."));
                };
            });
    }

    private static Command CreateShow() => SubjectArgument.CreateCommand(
        "show", "Prints the note of a model or a version.", AccessPolicies.Audit, [],
        parsed => async (relay, named, cancellationToken) =>
        {
            NoteView note = await (named.Version is { } version
                ? relay.Client.Notes.FindOfVersionAsync(named.Name, version, cancellationToken)
                : relay.Client.Notes.FindOfModelAsync(named.Name, cancellationToken));
            foreach (string line in note.Text.TrimEnd('\n').Split('\n'))
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
            }
        });

    private static Command CreateDelete() => SubjectArgument.CreateCommand(
        "delete", "Deletes the note of a model or a version.", AccessPolicies.Annotate, [],
        parsed => async (relay, named, cancellationToken) =>
        {
            await (named.Version is { } version
                ? relay.Client.Notes.DeleteOfVersionAsync(named.Name, version, cancellationToken)
                : relay.Client.Notes.DeleteOfModelAsync(named.Name, cancellationToken));
            await parsed.InvocationConfiguration.Output.WriteLineAsync(DisplayText.Format($"The note of {named} is deleted."));
        });

    private static string ReadFile(string path)
    {
        byte[] note = BoundedFile.Read(path, MaximumBytes, "a note in Markdown");
        return Utf8.IsValid(note) ? Encoding.UTF8.GetString(note) : throw new CommandException(DisplayText.Format($"{path}: it is not UTF-8."));
    }
}
