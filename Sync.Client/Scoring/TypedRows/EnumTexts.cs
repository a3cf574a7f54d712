using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Serialization;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>The category of each member of an enum, computed once.</summary>
internal static class EnumTexts<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Texts = Enum.GetNames<TEnum>()
        .DistinctBy(Enum.Parse<TEnum>)
        .ToFrozenDictionary(Enum.Parse<TEnum>, ReadText);

    public static string GetText(TEnum value) => Texts.GetValueOrDefault(value) ?? value.ToString();

    private static string ReadText(string member) =>
        typeof(TEnum).GetField(member)!.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? member;
}
