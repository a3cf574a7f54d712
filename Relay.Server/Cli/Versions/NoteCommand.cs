using System.CommandLine;
using System.Text;
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
        RelayConnection connection = new(AccessPolicies.Annotate);
        Argument<string> subject = new("subject") { Description = SubjectArgument.Description };
        Option<string?> text = new("--text") { Description = "The note.", HelpName = "text" };
        Option<string?> file = new("--file") { Description = "The file with the note.", HelpName = "file" };
        Command command = new("set", "Writes the note of a model or a version, in the place of the one before.") { subject, text, file };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string note = (parsed.GetValue(text), parsed.GetValue(file)) switch
            {
                ({ } given, null) => given,
                (null, { } path) => Encoding.UTF8.GetString(BoundedFile.Read(path, MaximumBytes, "a note in Markdown")),
                _ => throw new CommandException("Set either --text or --file."),
            };
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            SubjectArgument named = await SubjectArgument.ResolveAsync(relay, parsed.GetValue(subject)!, streams.Error, cancellationToken);
            await (named.Version is { } version
                ? relay.Client.Notes.SetOfVersionAsync(named.Name, version, new NoteRequest(note), cancellationToken)
                : relay.Client.Notes.SetOfModelAsync(named.Name, new NoteRequest(note), cancellationToken));
            await streams.Output.WriteLineAsync(DisplayText.Format($"The note of {named} is written."));
            return 0;
        });
        return command;
    }

    private static Command CreateShow()
    {
        RelayConnection connection = new(AccessPolicies.Audit);
        Argument<string> subject = new("subject") { Description = SubjectArgument.Description };
        Command command = new("show", "Prints the note of a model or a version.") { subject };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            SubjectArgument named = await SubjectArgument.ResolveAsync(relay, parsed.GetValue(subject)!, streams.Error, cancellationToken);
            NoteView note = await (named.Version is { } version
                ? relay.Client.Notes.FindOfVersionAsync(named.Name, version, cancellationToken)
                : relay.Client.Notes.FindOfModelAsync(named.Name, cancellationToken));
            foreach (string line in note.Text.TrimEnd('\n').Split('\n'))
            {
                await streams.Output.WriteLineAsync(line);
            }

            return 0;
        });
        return command;
    }

    private static Command CreateDelete()
    {
        RelayConnection connection = new(AccessPolicies.Annotate);
        Argument<string> subject = new("subject") { Description = SubjectArgument.Description };
        Command command = new("delete", "Deletes the note of a model or a version.") { subject };
        connection.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using RelayApi relay = connection.Open(parsed);
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            SubjectArgument named = await SubjectArgument.ResolveAsync(relay, parsed.GetValue(subject)!, streams.Error, cancellationToken);
            await (named.Version is { } version
                ? relay.Client.Notes.DeleteOfVersionAsync(named.Name, version, cancellationToken)
                : relay.Client.Notes.DeleteOfModelAsync(named.Name, cancellationToken));
            await streams.Output.WriteLineAsync(DisplayText.Format($"The note of {named} is deleted."));
            return 0;
        });
        return command;
    }
}
