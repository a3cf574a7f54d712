using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Relay.AdminClient;
using Relay.WebConsole.Components;
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
                return Refuse("Give the tag a key.");
            }

            TagRequest tag = new(form[Value].ToString().Trim());
            TagView set = subject.Version is { } version
                ? await request.Api.Tags.SetOfVersionAsync(subject.Name, version, key, tag, cancellationToken)
                : await request.Api.Tags.SetOfModelAsync(subject.Name, key, tag, cancellationToken);
            return Done($"The tag {ModelText.Tag(set.Key, set.Value)} is set.");
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
            return Done($"The tag {key} is gone.");
        },
        cancellationToken);

    /// <summary>An empty text deletes the note.</summary>
    private static Task<ActionResult> SetNoteAsync(PageRequest request, IFormCollection form, CancellationToken cancellationToken) => ChangeAsync(
        request, form,
        async subject =>
        {
            string text = form[Note].ToString().ReplaceLineEndings("\n");
            NoteView? before = await NoteReader.FindAsync(request, subject.Name, subject.Version, cancellationToken);
            if (FilledForm.IsOutdated(form, before?.SetAt))
            {
                return Refuse(Outdated);
            }

            if (!string.IsNullOrWhiteSpace(text))
            {
                NoteRequest note = new(text);
                await (subject.Version is { } version
                    ? request.Api.Notes.SetOfVersionAsync(subject.Name, version, note, cancellationToken)
                    : request.Api.Notes.SetOfModelAsync(subject.Name, note, cancellationToken));
                return Done("The note is saved.");
            }

            if (before is not null)
            {
                await (subject.Version is { } version
                    ? request.Api.Notes.DeleteOfVersionAsync(subject.Name, version, cancellationToken)
                    : request.Api.Notes.DeleteOfModelAsync(subject.Name, cancellationToken));
            }

            return Done("There is no note now.");
        },
        cancellationToken);

    /// <param name="change">Gives what was done, or what the form lacks.</param>
    private static async Task<ActionResult> ChangeAsync(
        PageRequest request, IFormCollection form, Func<AnnotationSubject, Task<(string? Done, string? Problem)>> change,
        CancellationToken cancellationToken)
    {
        AnnotationSubject subject = AnnotationSubject.From(request);
        try
        {
            (string? done, string? problem) = await change(subject);
            return problem is null
                ? ActionResult.GoTo(subject.EditPath, done)
                : ActionResult.Show(await ShowAsync(request, FilledForm.From(form, problem), cancellationToken)
                    with
                { Status = StatusCodes.Status400BadRequest });
        }
        catch (RelayException refused) when (refused.Status is { } status)
        {
            return ActionResult.Show(await ShowAsync(request, FilledForm.From(form, refused), cancellationToken) with { Status = (int)status });
        }
    }

    private static (string? Done, string? Problem) Done(string notice) => (notice, null);

    private static (string? Done, string? Problem) Refuse(string problem) => (null, problem);
}
