using System.Text.Json.Nodes;
using Shared.Contracts.Models;

namespace Relay.Server.Boms;

/// <summary>The programs and libraries that made a version, with their licenses.</summary>
internal static class BomLibraries
{
    public static IEnumerable<JsonObject> Find(ModelCard card)
    {
        if (card.Training is not { } training)
        {
            yield break;
        }

        yield return BomComponents.Application("relay-training", training.Producer);
        yield return card.Spec.Engine switch
        {
            "mlnet" => BomComponents.Library(
                "framework", "Microsoft.ML.FastTree", training.EngineVersion, "MIT", $"pkg:nuget/Microsoft.ML.FastTree@{training.EngineVersion}"),
            "xgboost" => BomComponents.Library(
                "framework", "XGBoost", training.EngineVersion, "Apache-2.0", $"pkg:github/dmlc/xgboost@v{training.EngineVersion}"),
            var engine => BomComponents.Library("framework", $"relay-engine-{engine}", training.EngineVersion, "Apache-2.0", purl: null),
        };
        yield return BomComponents.Library(
            "library", "Microsoft.ML.OnnxRuntime", training.OnnxRuntime, "MIT", $"pkg:nuget/Microsoft.ML.OnnxRuntime@{training.OnnxRuntime}");
    }
}
