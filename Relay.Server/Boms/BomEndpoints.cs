using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Fleet;
using Relay.Server.Http;
using Relay.Server.Http.Access;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Shared.Contracts.Api;

namespace Relay.Server.Boms;

/// <summary>CycloneDX documents of versions and nodes.</summary>
internal static class BomEndpoints
{
    public static IEndpointRouteBuilder MapBoms(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder read = app.MapGroup("").RequireAuthorization(AccessPolicies.Audit);
        read.MapGet(Routes.Models + "/{name}/versions/{version:int}/bom", FindVersion)
            .WithSummary("Reads what a version was made of, as a CycloneDX ML-BOM");
        read.MapGet(Routes.Nodes + "/{id}/bom", FindNode).WithSummary("Reads what a node runs, as a CycloneDX ML-BOM");
        return app;
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> FindVersion(
        string name, int version, VersionStore versions, VersionFiles files) =>
        versions.Find(name, version) is { } found
            ? Answer(VersionBom.Write(found, files.List(found)))
            : ModelProblems.UnknownVersion(name, version);

    private static Results<FileContentHttpResult, ProblemHttpResult> FindNode(string id, NodeStore nodes, VersionStore versions) =>
        nodes.ListReports(id, cursor: null, limit: 1) is [var (_, node)]
            ? Answer(NodeBom.Write(node, versions.Find))
            : FleetProblems.UnknownNode(id);

    private static FileContentHttpResult Answer(byte[] document) =>
        TypedResults.Bytes(document, BomDocument.MediaType, entityTag: new(EntityTags.Compute(Encoding.UTF8.GetString(document))));
}
