using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Shared.Contracts.Models;
using Shared.Contracts.Releases;

namespace Shared.Contracts.Tests.Json;

/// <summary>Stored documents leave out what is null: what may be null must not be required where they are read.</summary>
public sealed class OmittedMembersTests
{
    public static TheoryData<string> Contexts => ["cards and artifacts", "trust documents"];

    [Theory]
    [MemberData(nameof(Contexts))]
    public void Types_MemberThatMayBeNull_CanBeMissing(string context)
    {
        JsonSerializerContext json = context == "trust documents" ? TrustJson.Default : ModelJson.Default;
        JsonTypeInfo[] types =
        [
            .. json.GetType().GetProperties().Where(p => p.PropertyType.IsAssignableTo(typeof(JsonTypeInfo)))
                .Select(p => (JsonTypeInfo)p.GetValue(json)!).Where(type => type.Kind is JsonTypeInfoKind.Object),
        ];

        Assert.True(types.Length > 2);
        Assert.Empty(types.SelectMany(type => type.Properties.Where(IsRequiredButLeftOut).Select(member => $"{type.Type.Name}.{member.Name}")));
    }

    private static bool IsRequiredButLeftOut(JsonPropertyInfo member) => MayBeNull(member)
        && (member.IsRequired || member.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false });

    private static bool MayBeNull(JsonPropertyInfo member) =>
        Nullable.GetUnderlyingType(member.PropertyType) is not null || (!member.PropertyType.IsValueType && member.IsGetNullable);
}
