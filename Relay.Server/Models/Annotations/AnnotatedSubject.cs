using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Http.Problems;

namespace Relay.Server.Models.Annotations;

/// <summary>Checks that the model or the version exists that a tag or a note is about.</summary>
internal sealed class AnnotatedSubject(ModelStore models, VersionStore versions)
{
    /// <param name="version">Null: the model itself.</param>
    public ProblemHttpResult? FindProblem(string model, int? version) =>
        version is { } number
            ? versions.Exists(model, number) ? null : ModelProblems.UnknownVersion(model, number)
            : models.Exists(model) ? null : ModelProblems.UnknownModel(model);
}
