using Microsoft.AspNetCore.Http.HttpResults;
using Shared.Contracts.Api;

namespace Relay.Server.Http.Problems;

/// <summary>Problems of tags and notes.</summary>
internal static class AnnotationProblems
{
    public static ProblemHttpResult InvalidTag(Dictionary<string, string> errors) =>
        RelayProblems.Invalid("invalid-tag", "The tag was not set; 'errors' lists what was expected.", errors);

    public static ProblemHttpResult UnknownTag(string model, int? version, string key) => RelayProblems.Problem(
        404, "unknown-tag", $"{Name(model, version)} has no tag '{key}': list them by GET {Routes.TagsOf(model, version)}.");

    public static ProblemHttpResult TooManyTags(string model, int? version) => RelayProblems.Problem(
        409, "too-many-tags",
        $"The tag was not set: {Name(model, version)} has {TagView.MaximumCount} tags, which is as many as it may have. Delete one first.");

    public static ProblemHttpResult InvalidNote() => RelayProblems.Invalid(
        "invalid-note", "The note was not written; 'errors' lists what was expected.",
        new()
        {
            ["$.text"] =
                $"Expected Markdown of 1 to {NoteView.MaximumText} characters, none of them a control character but for line ends and tabs.",
        });

    public static ProblemHttpResult NoNote(string model, int? version) => RelayProblems.Problem(
        404, "no-note", $"{Name(model, version)} has no note: write one by PUT {Routes.NoteOf(model, version)}.");

    private static string Name(string model, int? version) =>
        version is { } number ? FormattableString.Invariant($"Version {number} of the model '{model}'") : $"The model '{model}'";
}
