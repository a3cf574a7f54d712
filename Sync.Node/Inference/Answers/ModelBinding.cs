using Shared.Contracts.Models;
using Sync.Client;
using Sync.Node.Inference.Tensors;

namespace Sync.Node.Inference.Answers;

/// <summary>How the tensors of a request become rows of one version: each column by its name, or all of them in one tensor.</summary>
internal sealed class ModelBinding
{
    private const int NamesShown = 12;
    private readonly ActiveModelVersion _version;
    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);

    public ModelBinding(ActiveModelVersion version)
    {
        _version = version;
        foreach (ColumnSpec input in version.Schema.Inputs)
        {
            bool isCategory = input.Type is ColumnType.Category;
            _columns.Add(input.Name, new(input.Name, isCategory, isCategory ? Categories++ : Numbers++));
        }
    }

    /// <summary>Number inputs of a row.</summary>
    public int Numbers { get; }

    /// <summary>Category inputs of a row.</summary>
    public int Categories { get; }

    /// <summary>Copies the tensors into rows.</summary>
    /// <exception cref="InferenceException">They are not the inputs of this version.</exception>
    public void Fill(IReadOnlyList<InputTensor> inputs, RowBuffers rows)
    {
        if (inputs.Count == 0)
        {
            Malformed.Throw($"the request has no inputs: send {Expected()}");
        }

        if (IsPacked(inputs))
        {
            InputTensor all = inputs[0];
            CheckElements(all);
            rows.Rent(all.Shape.Rows, Numbers, Categories);
            all.Data.CopyNumbers(all, rows.Numbers, stride: 1);
            return;
        }

        Check(inputs);
        rows.Rent(inputs[0].Shape.Rows, Numbers, Categories);
        foreach (InputTensor input in inputs)
        {
            Column column = _columns[input.Name];
            if (column.IsCategory)
            {
                input.Data.CopyTexts(input, rows.Categories[column.Index..], Categories);
            }
            else
            {
                input.Data.CopyNumbers(input, rows.Numbers[column.Index..], Numbers);
            }
        }
    }

    /// <summary>The outputs that a request asks for, in its order; all where it names none.</summary>
    /// <exception cref="InferenceException">This version has no such output, or the request names one twice.</exception>
    public IReadOnlyList<RequestedOutput> FindOutputs(IReadOnlyList<RequestedOutput> requested, bool isBinaryDefault)
    {
        ModelSchema schema = _version.Schema;
        string[] all = schema.HasLabels ? [ModelSchema.LabelOutput, schema.NumericOutput] : [schema.NumericOutput];
        if (requested.Count == 0)
        {
            return [.. all.Select(name => new RequestedOutput(name, isBinaryDefault))];
        }

        for (int i = 0; i < requested.Count; i++)
        {
            if (!all.Contains(requested[i].Name))
            {
                Malformed.Throw($"{Title()} has no output '{requested[i].Name}': it has {string.Join(" and ", all)}");
            }

            if (requested.Take(i).Any(before => before.Name == requested[i].Name))
            {
                Malformed.Throw($"the request names output '{requested[i].Name}' twice: name it once");
            }
        }

        return requested;
    }

    // One tensor that has a row's numbers, and no column's name: its columns are those of the schema, in that order.
    private bool IsPacked(IReadOnlyList<InputTensor> inputs) =>
        inputs is [var only] && Categories == 0 && only.Shape.HasColumns && only.Shape.Columns == Numbers && !_columns.ContainsKey(only.Name)
            && (only.Type is not TensorType.Bytes || WrongType(only, "a datatype of numbers, such as FP32"));

    private void Check(IReadOnlyList<InputTensor> inputs)
    {
        HashSet<string> seen = new(inputs.Count, StringComparer.Ordinal);
        foreach (InputTensor input in inputs)
        {
            if (!_columns.TryGetValue(input.Name, out Column column))
            {
                Malformed.Throw($"{Title()} has no input '{input.Name}'"
                    + $"{(input.Shape.HasColumns ? $" of {input.Shape.Columns} column(s)" : "")}: send {Expected()}");
            }

            if (!seen.Add(input.Name))
            {
                Malformed.Throw($"the request has input '{input.Name}' twice: send it once");
            }

            if (input.Shape.Columns != 1)
            {
                Malformed.Throw($"input '{input.Name}' has {input.Shape.Columns} columns: it is one column, of shape [rows] or [rows, 1]");
            }

            if (input.Shape.Rows != inputs[0].Shape.Rows)
            {
                Malformed.Throw(
                    $"input '{input.Name}' has {input.Shape.Rows} row(s), and '{inputs[0].Name}' has {inputs[0].Shape.Rows}: send as many of each");
            }

            if (column.IsCategory != (input.Type is TensorType.Bytes))
            {
                WrongType(input, column.IsCategory ? "BYTES, as it is a category" : "a datatype of numbers, such as FP32");
            }

            CheckElements(input);
        }

        if (seen.Count < _columns.Count)
        {
            Malformed.Throw($"input '{_columns.Keys.First(name => !seen.Contains(name))}' is missing: send {Expected()}");
        }
    }

    private static bool WrongType(InputTensor input, string needed) =>
        throw Malformed.Create($"input '{input.Name}' has datatype {TensorTypes.NameOf(input.Type)}: send it as {needed}");

    private static void CheckElements(InputTensor input)
    {
        if (input.Data.MaximumElements(input.Type) < input.Shape.Elements)
        {
            Malformed.Throw($"input '{input.Name}' has fewer elements than the {input.Shape.Elements} of its shape: the data are cut off");
        }
    }

    private string Title() => $"{_version.Name} version {_version.Version}";

    private string Expected()
    {
        string names = string.Join(", ", _columns.Keys.Take(NamesShown))
            + (_columns.Count > NamesShown ? $" and {_columns.Count - NamesShown} more" : "");
        string packed = Categories == 0 ? $"one tensor of numbers of shape [rows, {Numbers}] under another name, or " : "";
        return $"{packed}one tensor for each of {names} (GET /v2/models/{_version.Name} lists them)";
    }

    private readonly record struct Column(string Name, bool IsCategory, int Index);
}
