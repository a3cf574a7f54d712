using Sync.Client.AspNetCore;

namespace ProtectedSite.Load;

internal static class LoadEndpoints
{
    private const int MaxThreads = 64;

    public static void MapLoad(this IEndpointRouteBuilder site) => site.MapPost("/load", Set).WithoutThreatScoring();

    private static IResult Set(LoadSettings wanted, LoadGenerator load)
    {
        if (wanted.Threads is < 0 or > MaxThreads)
        {
            return Results.Problem($"threads is {wanted.Threads}: 0 to {MaxThreads}", statusCode: StatusCodes.Status400BadRequest);
        }

        load.SetThreads(wanted.Threads);
        return Results.Ok(load.Counts);
    }
}
