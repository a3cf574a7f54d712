using System.Text.Json;
using System.Text.Json.Serialization;

namespace AttackList;

/// <summary>An attack that the product must withstand, by the id that tests name it with.</summary>
/// <param name="Description">One line for people.</param>
internal sealed record Attack(string Id, [property: JsonPropertyName("attack")] string Description)
{
    public static IReadOnlyList<Attack> ReadAll()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "attacks.json"));
        return JsonSerializer.Deserialize(file, AttackJson.Default.ListAttack)!;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(List<Attack>))]
internal sealed partial class AttackJson : JsonSerializerContext;
