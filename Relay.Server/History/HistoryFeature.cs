using Relay.Server.History.Evidence;

namespace Relay.Server.History;

/// <summary>What a node ran at a time, and the signed documents that made it believe so.</summary>
internal static class HistoryFeature
{
    public static IServiceCollection AddHistory(this IServiceCollection services) => services
        .AddSingleton<ReportBeliefs>()
        .AddSingleton<NodeHistory>()
        .AddSingleton<NodeIntervals>()
        .AddSingleton<EvidenceArchive>();

    public static IEndpointRouteBuilder MapHistory(this IEndpointRouteBuilder app)
    {
        HistoryEndpoints.Map(app);
        return app;
    }
}
