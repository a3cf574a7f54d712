using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Serialization;

namespace Sync.Client.Scoring.TypedRows;

/// <summary>The category that each member of an enum stands for, made once.</summary>
internal static class EnumTexts<TEnum>
    where TEnum : struct, Enum
{
    private static readonly FrozenDictionary<TEnum, string> Texts = Enum.GetNames<TEnum>()
        .DistinctBy(Enum.Parse<TEnum>)
        .ToFrozenDictionary(Enum.Parse<TEnum>, TextOf);

    public static string Of(TEnum value) => Texts.GetValueOrDefault(value) ?? value.ToString();

    private static string TextOf(string member) =>
        typeof(TEnum).GetField(member)!.GetCustomAttribute<EnumMemberAttribute>()?.Value ?? member;
}
