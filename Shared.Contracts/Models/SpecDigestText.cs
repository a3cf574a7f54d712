using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shared.Contracts.Models;

/// <summary>The bytes of a spec that digests are computed from: its JSON without who may approve it, and with the oldest name of each parameter. So a
/// digest from before a parameter was renamed is still that of the same spec.</summary>
public static class SpecDigestText
{
    private static readonly JsonSerializerOptions Options = new(ModelJson.Default.Options)
    {
        TypeInfoResolver = ModelJson.Default.WithAddedModifier(LeaveOutApproval).WithAddedModifier(UseOldestNames),
    };

    public static byte[] Write(ModelSpec spec) => JsonSerializer.SerializeToUtf8Bytes(spec, Options.GetTypeInfo(typeof(ModelSpec)));

    public static byte[] Write(ModelParameters parameters) =>
        JsonSerializer.SerializeToUtf8Bytes(parameters, Options.GetTypeInfo(typeof(ModelParameters)));

    private static void LeaveOutApproval(JsonTypeInfo type)
    {
        if (type.Type == typeof(ModelSpec))
        {
            type.Properties.Remove(type.Properties.Single(p => p.Name == "twoPeople"));
        }
    }

    private static void UseOldestNames(JsonTypeInfo type)
    {
        if (type.Type != typeof(ModelParameters))
        {
            return;
        }

        foreach (ParameterDefinition parameter in ParameterTable.All.Where(p => p.OlderNames.Count > 0))
        {
            string oldest = parameter.OlderNames[^1];
            type.Properties.Remove(type.Properties.Single(p => p.Name == oldest));
            type.Properties.Single(p => p.Name == parameter.Name).Name = oldest;
        }
    }
}
