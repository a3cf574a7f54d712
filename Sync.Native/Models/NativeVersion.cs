using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Shared.Contracts.Models;
using Sync.Client;
using Sync.Native.Interop;

namespace Sync.Native.Models;

/// <summary>What callers are told of one version, in memory that stays until the process ends.</summary>
internal sealed unsafe class NativeVersion
{
    private static readonly ConcurrentDictionary<string, NativeVersion> BySha256 = new(StringComparer.Ordinal);

    private NativeVersion(ActiveModelVersion version)
    {
        ModelSchema schema = version.Schema;
        Classes = AllocateTexts(schema.Classes);
        NativeInput* inputs = (NativeInput*)NativeMemory.AllocZeroed((nuint)Math.Max(1, schema.Inputs.Count), (nuint)sizeof(NativeInput));
        for (int i = 0; i < schema.Inputs.Count; i++)
        {
            inputs[i].Name = NativeText.Intern(schema.Inputs[i].Name);
            inputs[i].Type = schema.Inputs[i].Type is ColumnType.Category ? 1 : 0;
            inputs[i].Required = schema.Inputs[i].Required ? 1 : 0;
        }

        int numbers = schema.Inputs.Count(i => i.Type is ColumnType.Number);
        Schema = new NativeSchema
        {
            Name = NativeText.Intern(version.Name),
            Sha256 = NativeText.Intern(version.Sha256),
            SchemaHash = NativeText.Intern(version.SchemaHash),
            Version = version.Version,
            Task = TaskNumber(schema.Task),
            Inputs = inputs,
            InputCount = (nuint)schema.Inputs.Count,
            NumberCount = (nuint)numbers,
            CategoryCount = (nuint)(schema.Inputs.Count - numbers),
            Classes = Classes,
            ClassCount = (nuint)schema.Classes.Count,
            Benign = schema.Benign is { } benign ? schema.Classes.ToList().IndexOf(benign) : -1,
            HasOffset = version.Offset is null ? 0u : 1u,
            Offset = version.Offset ?? 0,
        };
    }

    public NativeSchema Schema { get; }

    public byte* Sha256 => Schema.Sha256;

    /// <summary>The labels, in the order of the schema.</summary>
    public byte** Classes { get; }

    /// <summary>The same for one file, whenever it is active again: its memory is never freed.</summary>
    public static NativeVersion From(ActiveModelVersion version) => BySha256.GetOrAdd(version.Sha256, static (_, v) => new NativeVersion(v), version);

    private static int TaskNumber(ModelTask task) => task switch
    {
        ModelTask.Classification => 0,
        ModelTask.Regression => 1,
        ModelTask.AnomalyDetection => 2,
        ModelTask.Scaling => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, null),
    };

    private static byte** AllocateTexts(IReadOnlyList<string> texts)
    {
        byte** all = (byte**)NativeMemory.AllocZeroed((nuint)Math.Max(1, texts.Count), (nuint)sizeof(nint));
        for (int i = 0; i < texts.Count; i++)
        {
            all[i] = NativeText.Intern(texts[i]);
        }

        return all;
    }
}
