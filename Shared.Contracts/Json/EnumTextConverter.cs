using System.Text.Json.Serialization;

namespace Shared.Contracts.Json;

/// <summary>Reads and writes enums by name only: a number would change its meaning with the order of the members.</summary>
internal sealed class EnumTextConverter<TEnum>() : JsonStringEnumConverter<TEnum>(namingPolicy: null, allowIntegerValues: false)
    where TEnum : struct, Enum;
