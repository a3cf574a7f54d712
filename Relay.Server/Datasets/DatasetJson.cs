using System.Text.Json;
using Shared.Contracts.Api;
using Shared.Contracts.Datasets;

namespace Relay.Server.Datasets;

/// <summary>Specs of datasets as the database has them. Members of a newer relay are ignored.</summary>
internal static class DatasetJson
{
    public static string Write(DatasetSpec spec) => JsonSerializer.Serialize(spec, RelayApiJson.Default.DatasetSpec);

    public static DatasetSpec Read(string text) =>
        JsonSerializer.Deserialize(text, RelayApiJson.Default.DatasetSpec) ?? throw new InvalidDataException("The spec of a dataset is null.");
}
