using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Relay.Server.Models;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Boms;

/// <summary>What a version was made of: data, spec, engine and libraries, with its figures and its signed evidence.</summary>
internal static class VersionBom
{
    private const string ModelReference = "model";

    /// <param name="files">Those of the version; statements are among them once it is published.</param>
    public static byte[] Write(StoredVersion version, IReadOnlyList<VersionFile> files)
    {
        ModelCard card = version.Card;
        BomDocument document = new(Model(version, files))
        {
            Subject = $"relay version {card.Name} {card.Version} {card.Sha256}",
            At = version.View.CreatedAt,

            // The statements came with the publication.
            Version = files.Any(file => file.Name.EndsWith(".dsse.json", StringComparison.Ordinal)) ? 2 : 1,
        };
        string specification = Convert.ToHexStringLower(SHA256.HashData(SpecDigestText.Write(card.Spec)));
        document
            .Add(card.Import is null ? Rows("train", "training rows", card.Train, card.Dataset) : Imported(card.Import))
            .Add(Rows("test", "held-out rows", card.Test, card.Import is null ? card.Dataset : null))
            .Add(BomComponents.Data("data:spec", $"{card.Name} spec", "configuration", "The model spec.", specification));
        foreach (JsonObject library in BomLibraries.Find(card))
        {
            document.Add(library);
        }

        return document.Write();
    }

    private static JsonObject Model(StoredVersion version, IReadOnlyList<VersionFile> files)
    {
        ModelCard card = version.Card;
        return new()
        {
            ["type"] = "machine-learning-model",
            ["bom-ref"] = ModelReference,
            ["name"] = card.Name,
            ["version"] = BomComponents.Number(card.Version),
            ["hashes"] = BomComponents.Hashes(card.Sha256),
            ["externalReferences"] = new JsonArray([.. References(card, files)]),
            ["modelCard"] = VersionModelCard.Create(card),
            ["properties"] = BomComponents.Properties(
            [
                ("sizeBytes", BomComponents.Number(card.SizeBytes)),
                ("schemaHash", card.SchemaHash),
                ("trainingRun", BomComponents.Number(version.View.TrainingRun)),
                ("trees", BomComponents.Number(card.TreeCount)),
                ("nodes", BomComponents.Number(card.NodeCount)),
                .. card.Training is { } training
                    ? [("seed", $"{training.Seed}"), ("platform", training.Platform)]
                    : Array.Empty<(string, string)>(),
                .. (card.Gates ?? []).Select(gate => ($"gate:{gate.Name}", JsonNamingPolicy.KebabCaseLower.ConvertName(gate.Verdict.ToString()))),
            ]),
        };
    }

    private static IEnumerable<JsonObject> References(ModelCard card, IReadOnlyList<VersionFile> files)
    {
        yield return new() { ["type"] = "model-card", ["url"] = Routes.CardOf(card.Name, card.Version, "json") };
        foreach (VersionFile file in files.OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            yield return new()
            {
                ["type"] = file.Name switch
                {
                    "model.onnx" => "distribution",
                    "model.onnx.p7s" or "model.sig" => "digital-signature",
                    "test-result.dsse.json" => "quality-metrics",
                    "provenance.dsse.json" => "attestation",
                    _ => "evidence",
                },
                ["url"] = $"{Routes.FilesOf(card.Name, card.Version)}/{Uri.EscapeDataString(file.Name)}",
                ["hashes"] = BomComponents.Hashes(file.Sha256),
            };
        }
    }

    private static JsonObject Rows(string name, string what, DataSummary data, DatasetUse? dataset) => BomComponents.Data(
        $"data:{name}", data.Source, "dataset", $"The {what}.", data.Sha256,
        [
            ("rows", BomComponents.Number(data.Rows)),
            .. dataset is null
                ? Array.Empty<(string, string)>()
                : [("dataset", dataset.Name), ("datasetPosition", BomComponents.Number(dataset.Position))],
        ]);

    private static JsonObject Imported(ImportSummary import)
    {
        JsonObject component = new()
        {
            ["type"] = "file",
            ["bom-ref"] = "file:imported",
            ["name"] = import.File,
            ["description"] = "The file that was imported.",
        };
        BomComponents.AddHash(component, import.Sha256);
        component["properties"] = BomComponents.Properties(
            [("format", import.Format), .. import.Signer is { } signer ? [("signerKeySha256", signer.KeySha256)] : Array.Empty<(string, string)>()]);
        return component;
    }
}
