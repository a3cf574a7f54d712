using System.Text.Json.Nodes;
using Relay.Server.Models;
using Shared.Contracts.Api;

namespace Relay.Server.Boms;

/// <summary>What a node runs, by its last report.</summary>
internal static class NodeBom
{
    /// <param name="find">Finds a version that the relay has.</param>
    public static byte[] Write(NodeView node, Func<string, int, StoredVersion?> find)
    {
        CheckIn report = node.CheckIn;
        BomDocument document = new(new()
        {
            ["type"] = "application",
            ["bom-ref"] = "node",
            ["name"] = node.Id,
            ["description"] = "A node, with the models of the release that is active on it.",
            ["properties"] = BomComponents.Properties(
            [
                ("channel", report.Channel), ("release", BomComponents.Number(report.Release)), ("stale", report.Stale ? "true" : "false"),
                ("reportSigned", node.Signed is true ? "true" : "false"),
            ]),
        })
        {
            Subject = $"relay node {node.Id} {node.SeenAt.ToUnixTimeMilliseconds()}",
            At = node.SeenAt,
        };
        foreach (ActiveModel model in report.Models.OrderBy(model => model.Name, StringComparer.Ordinal).ThenBy(model => model.Version)
            .DistinctBy(model => (model.Name, model.Version)))
        {
            document.Add(Model(model, find(model.Name, model.Version)));
        }

        return document.Write();
    }

    private static JsonObject Model(ActiveModel model, StoredVersion? known)
    {
        // What a node says of itself: the digest tells whether it is the relay's version.
        bool isSame = known?.View.Sha256 == model.Sha256;
        JsonObject component = new()
        {
            ["type"] = "machine-learning-model",
            ["bom-ref"] = $"model:{model.Name}@{model.Version}",
            ["name"] = model.Name,
            ["version"] = BomComponents.Number(model.Version),
        };
        BomComponents.AddHash(component, model.Sha256);
        if (isSame)
        {
            component["externalReferences"] = new JsonArray(
                new JsonObject { ["type"] = "bom", ["url"] = Routes.BomOf(model.Name, model.Version) });
            component["modelCard"] = Card(known!);
        }

        component["properties"] = BomComponents.Properties([("scorer", model.Scorer), ("isOfThisRelay", isSame ? "true" : "false")]);
        return component;
    }

    // Without the references to data, which only the document of the version has.
    private static JsonObject Card(StoredVersion version)
    {
        JsonObject card = VersionModelCard.Create(version.Card);
        card["modelParameters"]!.AsObject().Remove("datasets");
        return card;
    }
}
