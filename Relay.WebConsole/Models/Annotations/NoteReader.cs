using System.Net;
using Relay.AdminClient;
using Relay.WebConsole.Routing;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Models.Annotations;

internal static class NoteReader
{
    /// <summary>The note of a model that there is, or of a version of it; null: it has none.</summary>
    public static async Task<NoteView?> FindAsync(PageRequest request, string name, int? version, CancellationToken cancellationToken)
    {
        try
        {
            return version is { } number
                ? await request.Api.Notes.FindOfVersionAsync(name, number, cancellationToken)
                : await request.Api.Notes.FindOfModelAsync(name, cancellationToken);
        }
        catch (RelayException absent) when (absent.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
