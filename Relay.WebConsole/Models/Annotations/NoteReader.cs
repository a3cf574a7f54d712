using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Annotations;

internal static class NoteReader
{
    /// <summary>The note of a model that there is, or of a version of it; null: it has none.</summary>
    public static Task<NoteView?> FindAsync(PageRequest request, string name, int? version, CancellationToken cancellationToken) =>
        PageRequest.FindAsync(version is { } number
            ? request.Api.Notes.FindOfVersionAsync(name, number, cancellationToken)
            : request.Api.Notes.FindOfModelAsync(name, cancellationToken));
}
