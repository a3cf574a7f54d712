namespace ProtectedSite.Load;

internal static class LoadEndpoints
{
    private const int MostThreads = 64;

    public static void MapLoad(this IEndpointRouteBuilder site) => site.MapPost("/load", Set);

    private static IResult Set(LoadSettings wanted, LoadGenerator load)
    {
        if (wanted.Threads is < 0 or > MostThreads)
        {
            return Results.Problem($"threads is {wanted.Threads}: 0 to {MostThreads}", statusCode: StatusCodes.Status400BadRequest);
        }

        load.SetThreads(wanted.Threads);
        return Results.Ok(load.Counts);
    }
}
