using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.WebConsole.Forms;
using Relay.WebConsole.Layout;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Annotations;

/// <summary>Tags and notes of models and of versions.</summary>
internal static class AnnotationPages
{
    public const string Key = "key";
    public const string Value = "value";
    public const string Note = "note";

    private const string Outdated = "Somebody wrote the note meanwhile, and nothing was changed: your text is below. Send it again if it is to "
        + "replace the text on the page of the model or of the version.";

    private static readonly string[] Subjects = ["/models/{name}", "/models/{name}/versions/{version:int}"];

    public static void Map(IEndpointRouteBuilder console)
    {
        foreach (string subject in Subjects)
        {
            console.MapPage($"{subject}/annotations", (request, cancellationToken) => ShowAsync(request, FilledForm.Empty, cancellationToken));
            console.MapAction($"{subject}/annotations/tags", SetTagAsync);
            console.MapAction($"{subject}/annotations/tags/{{key}}/delete", DeleteTagAsync);
            console.MapAction($"{subject}/annotations/note", SetNoteAsync);
        }
    }

    private static async Task<Page> ShowAsync(PageRequest request, FilledForm form, CancellationToken cancellationToken)
    {
        AnnotationSubject subject = AnnotationSubject.From(request);
        IReadOnlyList<TagView> tags = await request.ReadFirstAsync(
            Routes.TagsOf(subject.Name, subject.Version), TagView.MaximumCount, RelayApiJson.Default.PageTagView, cancellationToken);
        NoteView? note = await NoteReader.FindAsync(request, subject.Name, subject.Version, cancellationToken);
        return Page.Create<AnnotationsPage>(
            $"Tags and note of {subject.Title}", Section.Models, ("Subject", subject), ("Tags", tags), ("NoteText", note?.Text),
            ("NoteState", FilledForm.StateOf(note?.SetAt)), ("Form", form));
    }

    private static Task<ActionResult> SetTagAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form,
        async subject =>
        {
            string key = form[Key].ToString().Trim();
            if (key.Length == 0)
            {
                return FormOutcome.Refuse("Give the tag a key.");
            }

            TagRequest tag = new(form[Value].ToString().Trim());
            TagView set = subject.Version is { } version
                ? await request.Api.Tags.SetOfVersionAsync(subject.Name, version, key, tag, cancellationToken)
                : await request.Api.Tags.SetOfModelAsync(subject.Name, key, tag, cancellationToken);
            return FormOutcome.GoTo(subject.EditPath, $"The tag {ModelText.Tag(set.Key, set.Value)} is set.");
        },
        cancellationToken);

    private static Task<ActionResult> DeleteTagAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form,
        async subject =>
        {
            string key = request.Route(Key);
            await (subject.Version is { } version
                ? request.Api.Tags.DeleteOfVersionAsync(subject.Name, version, key, cancellationToken)
                : request.Api.Tags.DeleteOfModelAsync(subject.Name, key, cancellationToken));
            return FormOutcome.GoTo(subject.EditPath, $"The tag {key} is gone.");
        },
        cancellationToken);

    /// <summary>An empty text deletes the note.</summary>
    private static Task<ActionResult> SetNoteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form,
        async subject =>
        {
            string text = form[Note].ToString().ReplaceLineEndings("\n");
            NoteView? before = await NoteReader.FindAsync(request, subject.Name, subject.Version, cancellationToken);
            if (FilledForm.IsOutdated(form, FilledForm.StateOf(before?.SetAt)))
            {
                return FormOutcome.Outdated(Outdated);
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                NoteRequest note = new(text);
                await (subject.Version is { } version
                    ? request.Api.Notes.SetOfVersionAsync(subject.Name, version, note, cancellationToken)
                    : request.Api.Notes.SetOfModelAsync(subject.Name, note, cancellationToken));
                return FormOutcome.GoTo(subject.EditPath, "The note is saved.");
            }

            if (before is not null)
            {
                await (subject.Version is { } version
                    ? request.Api.Notes.DeleteOfVersionAsync(subject.Name, version, cancellationToken)
                    : request.Api.Notes.DeleteOfModelAsync(subject.Name, cancellationToken));
            }

            return FormOutcome.GoTo(subject.EditPath, "There is no note now.");
        },
        cancellationToken);

    private static Task<ActionResult> ChangeAsync(
        PageRequest request, IFormCollection form, Func<AnnotationSubject, Task<FormOutcome>> change, CancellationToken cancellationToken) =>
        FormAttempt.RunAsync(form, filled => ShowAsync(request, filled, cancellationToken), () => change(AnnotationSubject.From(request)));
}
